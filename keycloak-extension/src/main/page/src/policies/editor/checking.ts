import { useEffect } from "react";
import { useApi } from "../../api/api";
import type { Problem, Refusal } from "../../api/http";
import type { Check } from "../../api/policies";
import { useLoad, useSettled, valueOf } from "../../hooks";
import type { Draft } from "./draft";

/** Typing pauses this long, in milliseconds, before the server is asked. */
const PAUSE = 350;

export interface Checking {
  /** The server's last answer; it may be about what stood there a moment ago. */
  check: Check | undefined;
  /** Whether `check` is about exactly what stands there now. */
  fresh: boolean;
  failed: Refusal | undefined;
  problems: Problem[];
  again: () => void;
}

/** Has the server judge the draft while it is edited, also against the version that is in force. */
export function useChecking(draft: Draft, base: string | undefined, version: number): Checking {
  const { policies } = useApi();
  const now = JSON.stringify(draft.source);
  const settled = useSettled(now, PAUSE);
  const [load, again] = useLoad(`${version} ${settled}`, async (signal) => ({
    of: settled,
    check: await policies.check(JSON.parse(settled), base, signal),
  }));
  const last = valueOf(load);
  const { parsed } = draft;
  useEffect(() => {
    const source = last && (JSON.parse(last.of) as { yaml?: string });
    if (last && source?.yaml !== undefined) {
      parsed(source.yaml, last.check.policy);
    }
  }, [last, parsed]);
  return {
    check: last?.check,
    fresh: load.state === "there" && last?.of === now,
    failed: load.state === "failed" ? load.refusal : undefined,
    problems: last ? withName(last.check, base) : [],
    again,
  };
}

/** A policy keeps its name: a document that says another one would be another policy. */
function withName(check: Check, base: string | undefined): Problem[] {
  const name = check.policy?.name;
  return base === undefined || name === undefined || name === base
    ? check.problems
    : [
        ...check.problems,
        { pointer: "/name", message: `A policy keeps its name, "${base}". To have it under "${name}", create a new policy from this text.` },
      ];
}
