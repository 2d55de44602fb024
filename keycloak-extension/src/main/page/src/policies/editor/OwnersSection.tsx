import { useRef } from "react";
import MinusCircleIcon from "@patternfly/react-icons/dist/esm/icons/minus-circle-icon";
import { Button, FormSelect, FormSelectOption } from "../../pf";
import { AddButton } from "./AddButton";
import { fieldId, useEditing, useProblems } from "./editing";
import { Help } from "./Field";
import { NameInput } from "./NameInput";
import { readOwner } from "./principals";
import { Section } from "./Section";

/** Who may be named as owner of an agent besides its launcher and that one's groups. */
export function OwnersSection() {
  const { policy, edit, readOnly } = useEditing();
  const box = useRef<HTMLDivElement>(null);
  const owners = policy.owners ?? [];
  const problems = useProblems("/owners");
  const set = (next: string[]) => edit((old) => ({ ...old, owners: next }));
  const focus = (index: number) =>
    requestAnimationFrame(() => box.current?.querySelectorAll<HTMLElement>("select")[index]?.focus());
  return (
    <Section
      id="owners"
      title="Owners"
      intro="Each agent has an owner who answers for it: its launcher or one of the launcher's groups. Here you add others who may be named."
    >
      <div ref={box} id={fieldId("/owners")} tabIndex={-1} role="group" aria-labelledby="owners" className="writ-list">
        {owners.map((text, index) => (
          <Owner
            key={index}
            index={index}
            text={text}
            set={(next) => set(owners.map((old, other) => (other === index ? next : old)))}
            remove={() => { set(owners.filter((_, other) => other !== index)); focus(Math.max(0, index - 1)); }}
          />
        ))}
        <Help id="owners-help" problems={problems.map((problem) => problem.message)} />
        {!readOnly && <AddButton add={() => { set([...owners, "group:"]); focus(owners.length); }}>Add an owner</AddButton>}
        {readOnly && owners.length === 0 && <p className="writ-quiet">Nobody else.</p>}
      </div>
    </Section>
  );
}

function Owner({ index, text, set, remove }: { index: number; text: string; set: (text: string) => void; remove: () => void }) {
  const { readOnly } = useEditing();
  const id = fieldId(`/owners/${index}`);
  const problems = useProblems(`/owners/${index}`, true);
  const { kind, who } = readOwner(text);
  const nth = `Owner ${index + 1}`;
  return (
    <div role="group" aria-label={nth}>
      <div className="writ-line writ-rule">
        <FormSelect aria-label={`${nth}: group or user`} value={kind} isDisabled={readOnly} onChange={(_, next) => set(`${next}:${who}`)}>
          <FormSelectOption value="group" label="A group" />
          <FormSelectOption value="user" label="A user" />
        </FormSelect>
        <NameInput
          id={id} kind={kind} value={who} onChange={(next) => set(`${kind}:${next}`)} label={`${nth}: name of the ${kind}`}
          describedBy={`${id}:help`} invalid={problems.length > 0} disabled={readOnly}
        />
        {!readOnly && <Button variant="plain" onClick={remove} aria-label={`Remove ${nth.toLowerCase()}`}><MinusCircleIcon aria-hidden="true" /></Button>}
      </div>
      <Help id={`${id}:help`} problems={problems.map((problem) => problem.message)} />
    </div>
  );
}
