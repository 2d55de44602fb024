import type { AwsGrant, Statement } from "../../model";
import { AddButton } from "../editor/AddButton";
import { fieldId, useEditing, useProblems } from "../editor/editing";
import { Help, TextField } from "../editor/Field";
import { Budget } from "./Budget";
import { StatementFields } from "./StatementFields";

interface Props {
  pointer: string;
  index: number;
  grant: AwsGrant;
  set: (grant: AwsGrant) => void;
}

/** A role, and what its sessions are cut down to. */
export function AwsFields({ pointer, index, grant, set }: Props) {
  const { readOnly } = useEditing();
  const problems = useProblems(`${pointer}/allow`);
  const allow = (next: Statement[]) => set({ ...grant, allow: next });
  return (
    <>
      <TextField
        pointer={`${pointer}/role`}
        label="Role"
        required
        value={grant.role}
        onChange={(role) => set({ ...grant, role })}
        placeholder="arn:aws:iam::123456789012:role/agents"
        help="Its sessions are cut down to what you allow below; the role itself may allow more, but agents do not get it."
      />
      <div id={fieldId(`${pointer}/allow`)} tabIndex={-1} role="group" aria-label="Statements" className="writ-cards">
        {grant.allow.map((statement, at) => (
          <StatementFields
            key={at}
            number={at + 1}
            pointer={`${pointer}/allow/${at}`}
            statement={statement}
            set={(next) => allow(grant.allow.map((old, other) => (other === at ? next : old)))}
            remove={grant.allow.length > 1 && !readOnly ? () => allow(grant.allow.filter((_, other) => other !== at)) : undefined}
          />
        ))}
        <Help id={`${fieldId(pointer)}:allow`} problems={problems.map((problem) => problem.message)} />
        {!readOnly && <AddButton add={() => allow([...grant.allow, { actions: [], resources: [] }])}>Add a statement</AddButton>}
      </div>
      <Budget index={index} />
    </>
  );
}
