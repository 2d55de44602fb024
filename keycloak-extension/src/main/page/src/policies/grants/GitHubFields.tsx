import type { GitHubGrant } from "../../model";
import { FormGroup, Radio } from "../../pf";
import { fieldId, useEditing, useProblems } from "../editor/editing";
import { TextField } from "../editor/Field";
import { TextList } from "../editor/TextList";
import { Permissions } from "./Permissions";
import { Reason } from "./Reason";

interface Props {
  pointer: string;
  grant: GitHubGrant;
  set: (grant: GitHubGrant) => void;
}

/** An account's repositories and what may be done there. */
export function GitHubFields({ pointer, grant, set }: Props) {
  const { readOnly } = useEditing();
  const all = grant.repositories === "*";
  const reasonMissing = useProblems(`${pointer}/i-know`).length > 0;
  const example = `${grant.account || "acme"}/api`;
  return (
    <>
      <TextField
        pointer={`${pointer}/account`}
        label="Account"
        required
        value={grant.account}
        onChange={(account) => set({ ...grant, account })}
        placeholder="acme"
        help="The organisation or user whose installation of your GitHub App gives the tokens."
      />
      <FormGroup role="radiogroup" label="Which repositories" fieldId={`${fieldId(pointer)}:which`} isStack>
        <Radio
          id={`${fieldId(pointer)}:these`}
          name={`${pointer}:which`}
          label="Only those listed"
          isChecked={!all}
          isDisabled={readOnly}
          onChange={() => set({ ...grant, repositories: [] })}
        />
        <Radio
          id={`${fieldId(pointer)}:all`}
          name={`${pointer}:which`}
          label="All of the installation, later ones included"
          description="Dangerous: a reason is demanded, and it is shown in red wherever this policy is."
          isChecked={all}
          isDisabled={readOnly}
          onChange={() => set({ ...grant, repositories: "*" })}
        />
      </FormGroup>
      {grant.repositories !== "*" && (
        <TextList
          pointer={`${pointer}/repositories`}
          label="Repositories"
          one="repository"
          required
          values={grant.repositories}
          onChange={(repositories) => set({ ...grant, repositories })}
          placeholder={example}
          help="One per line, as account/name. You can paste a whole list."
        />
      )}
      {(all || grant["i-know"] !== undefined || reasonMissing) && (
        <Reason pointer={pointer} value={grant["i-know"] ?? ""} set={(reason) => set({ ...grant, "i-know": reason })} />
      )}
      <Permissions pointer={`${pointer}/permissions`} granted={grant.permissions} set={(permissions) => set({ ...grant, permissions })} />
    </>
  );
}
