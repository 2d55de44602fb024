import TrashIcon from "@patternfly/react-icons/dist/esm/icons/trash-icon";
import type { Statement } from "../../model";
import { Button, Title } from "../../pf";
import { fieldId, useProblems } from "../editor/editing";
import { Help } from "../editor/Field";
import { TextList } from "../editor/TextList";
import { ConditionFields } from "./ConditionFields";
import { isDangerous } from "./dangers";
import { Reason } from "./Reason";

interface Props {
  number: number;
  pointer: string;
  statement: Statement;
  set: (statement: Statement) => void;
  remove: (() => void) | undefined;
}

/** One entry of `allow`: each of its actions on each of its resources, under its conditions. */
export function StatementFields({ number, pointer, statement, set, remove }: Props) {
  const own = useProblems(pointer);
  const reasonWrong = useProblems(`${pointer}/i-know`).length > 0;
  const title = `Statement ${number}`;
  return (
    <div className="writ-statement" role="group" aria-label={title} id={fieldId(pointer)} tabIndex={-1}>
      <div className="writ-statement-head">
        <Title headingLevel="h4" size="md">{title}</Title>
        {remove && <Button variant="plain" onClick={remove} aria-label={`Remove statement ${number}`}><TrashIcon aria-hidden="true" /></Button>}
      </div>
      {own.length > 0 && <Help id={`${fieldId(pointer)}:own`} problems={own.map((problem) => problem.message)} />}
      <div className="writ-pair">
        <TextList
          pointer={`${pointer}/actions`}
          label="Actions"
          one="action"
          required
          values={statement.actions}
          onChange={(actions) => set({ ...statement, actions })}
          placeholder="s3:GetObject"
        />
        <TextList
          pointer={`${pointer}/resources`}
          label="Resources"
          one="resource"
          required
          values={statement.resources}
          onChange={(resources) => set({ ...statement, resources })}
          placeholder="arn:aws:s3:::build-artifacts/*"
        />
      </div>
      <ConditionFields pointer={`${pointer}/conditions`} conditions={statement.conditions} set={(conditions) => set({ ...statement, conditions })} />
      {(isDangerous(statement) || statement["i-know"] !== undefined || reasonWrong) && (
        <Reason pointer={pointer} value={statement["i-know"] ?? ""} set={(reason) => set({ ...statement, "i-know": reason })} />
      )}
    </div>
  );
}
