import { useRef, useState } from "react";
import PlusCircleIcon from "@patternfly/react-icons/dist/esm/icons/plus-circle-icon";
import { emptyGrant, targetNames, targetOf, type Grant, type Target } from "../../model";
import { Dropdown, DropdownItem, DropdownList, MenuToggle } from "../../pf";
import { fieldId, focusField, useEditing, useProblems } from "../editor/editing";
import { Help } from "../editor/Field";
import { Section } from "../editor/Section";
import { GrantCard } from "./GrantCard";

const explanations: Record<Target, string> = {
  github: "Installation tokens for repositories of an account",
  aws: "Sessions of a role, for the actions and resources you list",
  internal: "Tokens for a resource server of your own",
};

/** What agents under this policy may be given. */
export function GrantCards() {
  const { policy, edit, readOnly } = useEditing();
  const problems = useProblems("/grants");
  const box = useRef<HTMLDivElement>(null);
  const set = (grants: Grant[]) => edit((old) => ({ ...old, grants }));
  const add = (grant: Grant) => {
    const at = policy.grants.length;
    set([...policy.grants, grant]);
    requestAnimationFrame(() => focusField(`/grants/${at}/${targetOf(grant)}/${first[targetOf(grant)]}`));
  };
  const remove = (index: number) => {
    set(policy.grants.filter((_, other) => other !== index));
    requestAnimationFrame(() => box.current?.focus());
  };
  return (
    <Section
      id="grants"
      title="Grants"
      intro="All that agents under this policy may be given. What is not listed is not allowed; an agent that asks for less gets less."
    >
      <div ref={box} id={fieldId("/grants")} tabIndex={-1} role="group" aria-labelledby="grants" className="writ-cards">
        {policy.grants.map((grant, index) => (
          <GrantCard
            key={index}
            index={index}
            grant={grant}
            set={(next) => set(policy.grants.map((old, other) => (other === index ? next : old)))}
            copy={() => add(structuredClone(grant))}
            remove={() => remove(index)}
          />
        ))}
        {policy.grants.length === 0 && <p className="writ-quiet">Nothing yet: agents under this policy get no credentials.</p>}
        <Help id="grants-help" problems={problems.map((problem) => problem.message)} />
        {!readOnly && <AddGrant add={(target) => add(emptyGrant(target))} />}
      </div>
    </Section>
  );
}

const first: Record<Target, string> = { github: "account", aws: "role", internal: "audience" };

function AddGrant({ add }: { add: (target: Target) => void }) {
  const [open, setOpen] = useState(false);
  return (
    <div>
      <Dropdown
        isOpen={open}
        onOpenChange={setOpen}
        toggle={(ref) => (
          <MenuToggle ref={ref} variant="secondary" isExpanded={open} onClick={() => setOpen(!open)} icon={<PlusCircleIcon aria-hidden="true" />}>
            Add a grant
          </MenuToggle>
        )}
      >
        <DropdownList>
          {(Object.keys(targetNames) as Target[]).map((target) => (
            <DropdownItem key={target} description={explanations[target]} onClick={() => { setOpen(false); add(target); }}>
              {targetNames[target]}
            </DropdownItem>
          ))}
        </DropdownList>
      </Dropdown>
    </div>
  );
}
