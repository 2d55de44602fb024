import { TextField } from "../editor/Field";

/** `i-know`: why something dangerous is meant. */
export function Reason({ pointer, value, set }: { pointer: string; value: string; set: (reason: string) => void }) {
  return (
    <TextField
      pointer={`${pointer}/i-know`}
      label="Why this danger is meant"
      value={value}
      onChange={set}
      placeholder="the search index covers all our code"
      help="Shown beside the warning wherever this policy is."
    />
  );
}
