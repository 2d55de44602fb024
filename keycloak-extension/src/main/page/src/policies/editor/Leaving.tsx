import { useEffect, useState } from "react";
import { Button, Modal } from "../../pf";
import { guardRoutes } from "../../routes";

/** Asks before unsaved work is left behind. Views of the same policy keep it. */
export function Leaving({ dirty, within }: { dirty: boolean; within: string }) {
  const [go, setGo] = useState<() => void>();
  useEffect(() => {
    if (!dirty) {
      return undefined;
    }
    return guardRoutes((next, leave) => {
      if (next === within || next.startsWith(`${within}/`)) {
        return true;
      }
      setGo(() => leave);
      return false;
    });
  }, [dirty, within]);
  if (!go) {
    return null;
  }
  const stay = () => setGo(undefined);
  return (
    <Modal
      isOpen
      variant="small"
      title="Leave without saving?"
      titleIconVariant="warning"
      onClose={stay}
      actions={[
        <Button key="stay" onClick={stay}>Keep editing</Button>,
        <Button key="leave" variant="danger" onClick={() => { stay(); go(); }}>Leave, lose the changes</Button>,
      ]}
    >
      You changed this policy and have not saved it yet.
    </Modal>
  );
}
