import { useCallback, useEffect, useRef, useState } from "react";
import { Refusal, givenUp } from "./api/http";

export type Load<T> =
  | { state: "loading"; last?: T }
  | { state: "failed"; refusal: Refusal; last?: T }
  | { state: "there"; value: T };

/**
 * Loads when `key` changes, and again on `reload`; what was asked before is given up. While it
 * loads again, `last` is what there was.
 */
export function useLoad<T>(key: string, load: (signal: AbortSignal) => Promise<T>): [Load<T>, () => void] {
  const [state, setState] = useState<Load<T>>({ state: "loading" });
  const [round, setRound] = useState(0);
  const latest = useRef(load);
  latest.current = load;
  useEffect(() => {
    const control = new AbortController();
    setState((before) => withLast({ state: "loading" }, before));
    latest.current(control.signal).then(
      (value) => control.signal.aborted || setState({ state: "there", value }),
      (failed: unknown) => {
        if (!givenUp(failed) && !control.signal.aborted) {
          setState((before) => withLast({ state: "failed", refusal: asRefusal(failed) }, before));
        }
      },
    );
    return () => control.abort();
  }, [key, round]);
  return [state, useCallback(() => setRound((n) => n + 1), [])];
}

function withLast<T>(next: Load<T>, before: Load<T>): Load<T> {
  const last = before.state === "there" ? before.value : before.last;
  return last === undefined ? next : { ...next, last } as Load<T>;
}

/** What is there, now or from before. */
export function valueOf<T>(load: Load<T>): T | undefined {
  return load.state === "there" ? load.value : load.last;
}

export function asRefusal(failed: unknown): Refusal {
  return failed instanceof Refusal ? failed : new Refusal(0, "This page failed", String(failed));
}

/** The value as it was when it had not changed for so many milliseconds. */
export function useSettled<T>(value: T, milliseconds: number): T {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), milliseconds);
    return () => clearTimeout(timer);
  }, [value, milliseconds]);
  return settled;
}

/** The time, anew each so many milliseconds while the page is seen. */
export function useNow(milliseconds: number): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => document.hidden || setNow(Date.now()), milliseconds);
    return () => clearInterval(timer);
  }, [milliseconds]);
  return now;
}

/** Something that is done at a press: while it runs, and what came of it when it failed. */
export function useDoing(): {
  busy: boolean;
  refusal: Refusal | undefined;
  run: (act: () => Promise<void>) => void;
  forget: () => void;
} {
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<Refusal>();
  const run = useCallback((act: () => Promise<void>) => {
    setBusy(true);
    setRefusal(undefined);
    act()
      .catch((failed: unknown) => setRefusal(asRefusal(failed)))
      .finally(() => setBusy(false));
  }, []);
  return { busy, refusal, run, forget: useCallback(() => setRefusal(undefined), []) };
}
