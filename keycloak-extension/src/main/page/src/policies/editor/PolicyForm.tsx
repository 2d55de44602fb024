import { Form, TextArea } from "../../pf";
import { GrantCards } from "../grants/GrantCards";
import { DelegationSection } from "./DelegationSection";
import { useEditing } from "./editing";
import { Field, TextField } from "./Field";
import { LaunchSection } from "./LaunchSection";
import { LifetimeFields } from "./LifetimeFields";
import { OwnersSection } from "./OwnersSection";
import { Section } from "./Section";

/** The typed editor: one field for each thing that the policy language can say. */
export function PolicyForm() {
  const { policy, edit, isNew } = useEditing();
  return (
    <Form onSubmit={(event) => event.preventDefault()} className="writ-form">
      <Section title="General" id="general">
        {isNew ? (
          <TextField
            pointer="/name"
            label="Name"
            required
            value={policy.name}
            onChange={(name) => edit((old) => ({ ...old, name }))}
            placeholder="operator"
            help="Lower-case letters, digits and hyphens. It cannot be changed later: agents are launched under it."
          />
        ) : null}
        <Field pointer="/description" label="Description" help="For people who choose among policies.">
          {(described) => (
            <TextArea
              {...described}
              disabled={described.isDisabled}
              value={policy.description ?? ""}
              onChange={(_, description) => edit((old) => ({ ...old, description }))}
              autoResize
              rows={1}
              placeholder="Deploys for the platform team"
            />
          )}
        </Field>
        <LifetimeFields />
      </Section>
      <LaunchSection />
      <OwnersSection />
      <GrantCards />
      <DelegationSection />
    </Form>
  );
}
