import { FormGroup, FormHelperText, HelperText, HelperTextItem, TextInput } from "../pf";

/** The server takes so many characters. */
const MAX = 500;

/** Why a policy is changed: it stands in its history. */
export function CommentField({ id, value, set }: { id: string; value: string; set: (text: string) => void }) {
  return (
    <FormGroup label="Comment" fieldId={id}>
      <TextInput id={id} value={value} onChange={(_, text) => set(text)} aria-describedby={`${id}-help`} maxLength={MAX} />
      <FormHelperText>
        <HelperText><HelperTextItem id={`${id}-help`}>Why; it stands in the policy's history.</HelperTextItem></HelperText>
      </FormHelperText>
    </FormGroup>
  );
}
