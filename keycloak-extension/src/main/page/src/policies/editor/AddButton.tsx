import type { ReactNode } from "react";
import PlusCircleIcon from "@patternfly/react-icons/dist/esm/icons/plus-circle-icon";
import { Button } from "../../pf";

/** Below a list, in line with its fields: one more of these. */
export function AddButton({ add, isDisabled, children }: { add: () => void; isDisabled?: boolean; children: ReactNode }) {
  return (
    <div>
      <Button variant="link" isInline icon={<PlusCircleIcon />} isDisabled={isDisabled} onClick={add}>{children}</Button>
    </div>
  );
}
