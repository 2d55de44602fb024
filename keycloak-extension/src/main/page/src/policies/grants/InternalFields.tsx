import type { InternalGrant } from "../../model";
import { TextField } from "../editor/Field";
import { TextList } from "../editor/TextList";

interface Props {
  pointer: string;
  grant: InternalGrant;
  set: (grant: InternalGrant) => void;
}

/** One of your own resource servers. */
export function InternalFields({ pointer, grant, set }: Props) {
  return (
    <>
      <TextField
        pointer={`${pointer}/audience`}
        label="Audience"
        required
        value={grant.audience}
        onChange={(audience) => set({ ...grant, audience })}
        placeholder="https://deploy.internal"
        help="As the resource server knows itself, compared byte for byte."
      />
      <TextList
        pointer={`${pointer}/scopes`}
        label="Scopes"
        one="scope"
        required
        values={grant.scopes}
        onChange={(scopes) => set({ ...grant, scopes })}
        placeholder="deploy:read"
        help="What its tokens may carry."
      />
    </>
  );
}
