import { FormSelect, FormSelectOption, Switch } from "../../pf";
import { useEditing } from "./editing";
import { Field } from "./Field";
import { Section } from "./Section";
import { TextList } from "./TextList";

const DEPTH_MAX = 8;

/** What agents under this policy may launch themselves. */
export function DelegationSection() {
  const { policy, edit, readOnly } = useEditing();
  const { delegation } = policy;
  const set = (next: typeof delegation) => edit((old) => ({ ...old, delegation: next }));
  return (
    <Section
      id="delegation"
      title="Delegation"
      intro="Agents may launch child agents. A child never gets more than its parent has, and its policy must name parent agents among those who may launch."
    >
      <Switch
        id="delegates"
        label="Agents under this policy may launch child agents"
        isChecked={delegation !== undefined}
        isDisabled={readOnly}
        onChange={(_, on) => set(on ? { depth: 1, policies: [] } : undefined)}
      />
      {delegation && (
        <>
          <Field pointer="/delegation/depth" label="Depth" help="How deep the tree below a root agent may be: 1 means children, but no grandchildren.">
            {(described) => (
              <FormSelect {...described} className="writ-short" value={delegation.depth} onChange={(_, depth) => set({ ...delegation, depth: Number(depth) })}>
                {Array.from({ length: DEPTH_MAX + 1 }, (_, depth) => <FormSelectOption key={depth} value={depth} label={String(depth)} />)}
              </FormSelect>
            )}
          </Field>
          <TextList
            pointer="/delegation/policies"
            label="Policies of the children"
            one="policy"
            values={delegation.policies}
            onChange={(policies) => set({ ...delegation, policies })}
            placeholder="reviewer"
            help="Children may be launched under these only."
          />
        </>
      )}
    </Section>
  );
}
