import type { MouseEvent, ReactNode } from "react";
import { navigate } from "../routes";

/** A link to a view of this page; unsaved work is asked about. */
export function Link({ to, children, className, label }: { to: string; children: ReactNode; className?: string; label?: string }) {
  const go = (event: MouseEvent) => {
    if (!event.ctrlKey && !event.metaKey && !event.shiftKey && event.button === 0) {
      event.preventDefault();
      navigate(to);
    }
  };
  return (
    <a href={`#${to}`} onClick={go} className={className} aria-label={label}>
      {children}
    </a>
  );
}
