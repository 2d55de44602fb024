import { useCallback, useMemo, useState, type FocusEvent } from "react";
import type { Problem } from "../../api/http";

const FIELD = "field:";

/**
 * A new policy begins with empty fields, which are all wrong. Their problems are shown once somebody
 * has left the field, and all of them after an attempt to save.
 */
export function useTouched(problems: Problem[], patient: boolean) {
  const [all, setAll] = useState(false);
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set());
  const leave = useCallback((event: FocusEvent) => {
    const id = (event.target as HTMLElement).id;
    if (id.startsWith(FIELD)) {
      setLeft((before) => new Set([...before, id.slice(FIELD.length)]));
    }
  }, []);
  const shown = useMemo(
    () => (all || !patient ? problems : problems.filter(({ pointer }) => [...left].some((field) => field === pointer || pointer.startsWith(`${field}/`) || field.startsWith(`${pointer}/`)))),
    [problems, all, patient, left],
  );
  return { shown, leave, showAll: useCallback(() => setAll(true), []) };
}
