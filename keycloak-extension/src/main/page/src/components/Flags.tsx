import ExclamationCircleIcon from "@patternfly/react-icons/dist/esm/icons/exclamation-circle-icon";
import ExclamationTriangleIcon from "@patternfly/react-icons/dist/esm/icons/exclamation-triangle-icon";
import type { Flag } from "../api/policies";
import { Alert, Label, LabelGroup } from "../pf";
import { count } from "../times";

/** In a list: how many dangers and notes. The texts are read out, and shown on the policy. */
export function FlagCounts({ flags }: { flags: Flag[] }) {
  const dangers = flags.filter((flag) => flag.severity === "danger");
  const notes = flags.filter((flag) => flag.severity !== "danger");
  return (
    <span className="writ-labels">
      {dangers.length > 0 && (
        <Label color="red" icon={<ExclamationCircleIcon />} title={texts(dangers)}>{count(dangers.length, "danger")}</Label>
      )}
      {notes.length > 0 && (
        <Label color="gold" icon={<ExclamationTriangleIcon />} title={texts(notes)}>{count(notes.length, "note")}</Label>
      )}
    </span>
  );
}

function texts(flags: Flag[]): string {
  return flags.map((flag) => flag.message).join("\n");
}

/** Each flag with its reason, dangers in red and first. */
export function FlagAlerts({ flags }: { flags: Flag[] }) {
  const ordered = [...flags].sort((a, b) => Number(b.severity === "danger") - Number(a.severity === "danger"));
  return (
    <>
      {ordered.map((flag) => (
        <Alert
          key={`${flag.grant}${flag.message}`}
          isInline
          isPlain
          component="p"
          variant={flag.severity === "danger" ? "danger" : "warning"}
          title={flag.message}
        />
      ))}
    </>
  );
}

/** What a policy gives access to. */
export function Names({ names, label }: { names: string[]; label: string }) {
  return (
    <LabelGroup aria-label={label} numLabels={4}>
      {names.map((name) => (
        <Label key={name} isCompact>{name}</Label>
      ))}
    </LabelGroup>
  );
}
