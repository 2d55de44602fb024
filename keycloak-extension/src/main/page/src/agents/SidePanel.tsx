import type { ReactNode } from "react";
import { Modal } from "../pf";

/** A drawer at the side that takes the focus and gives it back: a modal in PatternFly's terms. */
export function SidePanel({ title, close, children }: { title: string; close: () => void; children: ReactNode }) {
  return (
    <Modal isOpen title={title} onClose={close} className="writ-side" variant="medium">
      <div className="writ-stack">{children}</div>
    </Modal>
  );
}
