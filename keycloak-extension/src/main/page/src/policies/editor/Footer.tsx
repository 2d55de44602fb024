import { Button } from "../../pf";
import { count } from "../../times";
import type { Checking } from "./checking";
import type { Draft } from "./draft";

interface Props {
  draft: Draft;
  checking: Checking;
  isNew: boolean;
  review: () => void;
  revert: () => void;
}

/** Always in sight: what state the draft is in, and the way to save it. */
export function Footer({ draft, checking, isNew, review, revert }: Props) {
  return (
    <div className="writ-footer">
      <Button onClick={review} isAriaDisabled={!draft.dirty && !isNew}>{isNew ? "Review and create" : "Review and save"}</Button>
      <Button variant="link" onClick={revert} isDisabled={!draft.dirty}>Revert</Button>
      <span role="status" className="writ-quiet">{status(draft, isNew, checking)}</span>
    </div>
  );
}

function status(draft: Draft, isNew: boolean, { check, fresh, failed, problems }: Checking): string {
  if (failed) {
    return "Not checked: the server did not answer.";
  }
  if (!fresh) {
    return "Checking…";
  }
  if (problems.length > 0) {
    return `${count(problems.length, "problem")} to put right.`;
  }
  const changes = check?.changes?.length ?? 0;
  if (!draft.dirty) {
    return "No problems; nothing is changed.";
  }
  return check?.changes && changes > 0 && !isNew ? `No problems; ${count(changes, "change")} to save.` : "No problems.";
}
