import { useCallback, useEffect, useMemo, useReducer } from "react";
import { keeper, takeKept } from "../../kept";
import { normal, tidy, type Policy, type Source } from "../../model";
import { printYaml } from "./yaml";

/**
 * What is being edited. One of the two leads: the form's policy, or, once somebody typed there,
 * the YAML text; then the policy is what the server last read from a text.
 */
interface State {
  policy: Policy;
  yaml: string | undefined;
  /** Whether the policy is what the YAML says. */
  read: boolean;
}

type Action =
  | { type: "form"; change: (policy: Policy) => Policy }
  | { type: "yaml"; text: string }
  | { type: "parsed"; text: string; policy: Policy | undefined }
  | { type: "reset"; policy: Policy };

function reduce(state: State, action: Action): State {
  switch (action.type) {
    case "form":
      return { policy: action.change(state.policy), yaml: undefined, read: true };
    case "yaml":
      return { ...state, yaml: action.text, read: false };
    case "parsed":
      return state.yaml !== action.text
        ? state
        : { ...state, policy: action.policy ? normal(action.policy) : state.policy, read: action.policy !== undefined };
    case "reset":
      return { policy: normal(action.policy), yaml: undefined, read: true };
  }
}

export interface Draft {
  policy: Policy;
  /** The text that leads, or what the form's policy looks like as YAML. */
  yaml: string;
  yamlLeads: boolean;
  /** Whether the form shows what the YAML says. */
  formFollows: boolean;
  source: Source;
  dirty: boolean;
  edit: (change: (policy: Policy) => Policy) => void;
  editYaml: (text: string) => void;
  parsed: (text: string, policy: Policy | undefined) => void;
  reset: (policy: Policy) => void;
}

/**
 * @param key under which the draft waits while somebody logs in again
 */
export function useDraft(base: Policy, key: string): Draft {
  const [state, dispatch] = useReducer(
    reduce,
    base,
    (policy) => takeKept<State>(key) ?? { policy: normal(policy), yaml: undefined, read: true },
  );
  const printed = useMemo(() => printYaml(tidy(state.policy)), [state.policy]);
  const original = useMemo(() => printYaml(tidy(normal(base))), [base]);
  const source: Source = useMemo(
    () => (state.yaml === undefined ? { policy: tidy(state.policy) } : { yaml: state.yaml }),
    [state.policy, state.yaml],
  );
  useEffect(() => keeper(key, () => state), [key, state]);
  return {
    policy: state.policy,
    yaml: state.yaml ?? printed,
    yamlLeads: state.yaml !== undefined,
    formFollows: state.read,
    source,
    dirty: (state.yaml ?? printed) !== original,
    edit: useCallback((change) => dispatch({ type: "form", change }), []),
    editYaml: useCallback((text) => dispatch({ type: "yaml", text }), []),
    parsed: useCallback((text, policy) => dispatch({ type: "parsed", text, policy }), []),
    reset: useCallback((policy) => dispatch({ type: "reset", policy }), []),
  };
}
