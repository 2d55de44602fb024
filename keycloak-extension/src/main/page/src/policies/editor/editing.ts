import { createContext, useContext } from "react";
import type { Problem } from "../../api/http";
import type { Check, Vocabulary } from "../../api/policies";
import type { Policy } from "../../model";

/** What the form's fields need: the draft, what is wrong with it, and how to change it. */
export interface Editing {
  policy: Policy;
  edit: (change: (policy: Policy) => Policy) => void;
  /** Those to show: at a new policy, only of fields that were left once. */
  problems: Problem[];
  check: Check | undefined;
  vocabulary: Vocabulary | undefined;
  readOnly: boolean;
  /** The policy is not saved yet, so its name can be chosen. */
  isNew: boolean;
}

const Context = createContext<Editing | undefined>(undefined);

export const EditingProvider = Context.Provider;

export function useEditing(): Editing {
  const editing = useContext(Context);
  if (!editing) {
    throw new Error("outside of EditingProvider");
  }
  return editing;
}

/** The id of the field at a JSON pointer: where the summary of problems moves the focus. */
export function fieldId(pointer: string): string {
  return `field:${pointer}`;
}

/** The problems of a field: exactly there, or anywhere below. */
export function useProblems(pointer: string, deep = false): Problem[] {
  return useEditing().problems.filter(
    (problem) => problem.pointer === pointer || (deep && problem.pointer.startsWith(`${pointer}/`)),
  );
}

/** Focuses the field at a pointer, or the nearest one around it; false if there is none. */
export function focusField(pointer: string): boolean {
  for (let at = pointer; at !== ""; at = at.slice(0, at.lastIndexOf("/"))) {
    const field = document.getElementById(fieldId(at));
    if (field) {
      field.scrollIntoView({ block: "center" });
      field.focus({ preventScroll: true });
      return true;
    }
  }
  return false;
}
