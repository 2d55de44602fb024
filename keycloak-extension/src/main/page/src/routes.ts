import { useSyncExternalStore } from "react";
import { workIsKept } from "./kept";

/** Asks whether the page may be left; the answer comes later, from the person. */
export type Guard = (next: string, go: () => void) => boolean;

let current = read();
let guard: Guard | undefined;
const listeners = new Set<() => void>();

function read(): string {
  return window.location.hash.replace(/^#/, "") || "/policies";
}

function arrive(path: string): void {
  current = path;
  listeners.forEach((listener) => listener());
}

window.addEventListener("hashchange", () => {
  const next = read();
  if (next === current) {
    return;
  }
  if (guard && !guard(next, () => force(next))) {
    history.pushState(null, "", `#${current}`);
    return;
  }
  arrive(next);
});

function force(path: string): void {
  history.pushState(null, "", `#${path}`);
  arrive(path);
}

/** Goes to a route, unless something unsaved is in the way: then the person is asked first. */
export function navigate(path: string): void {
  if (path !== current && (!guard || guard(path, () => force(path)))) {
    force(path);
  }
}

/** Goes to a route in place of this one, without asking: what was unsaved is saved or given up. */
export function replace(path: string): void {
  history.replaceState(null, "", `#${path}`);
  arrive(path);
}

/** Puts a guard before every way out; the answer takes it away. */
export function guardRoutes(asked: Guard): () => void {
  const warn = (event: BeforeUnloadEvent) => workIsKept() || event.preventDefault();
  window.addEventListener("beforeunload", warn);
  guard = asked;
  return () => {
    window.removeEventListener("beforeunload", warn);
    if (guard === asked) {
      guard = undefined;
    }
  };
}

/** The route's parts, decoded: `["policies", "operator", "yaml"]`; and its query. */
export function useRoute(): { parts: string[]; query: URLSearchParams } {
  const path = useSyncExternalStore(subscribe, () => current);
  const [route = "", query = ""] = path.split("?");
  return {
    parts: route.split("/").filter(Boolean).map(decodeURIComponent),
    query: new URLSearchParams(query),
  };
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Called once when somebody has logged in and the address is as it was before. */
export function restoreRoute(): void {
  current = read();
}

export const to = {
  policies: "/policies",
  newPolicy: "/new-policy",
  policy: (name: string, view = "") => `/policies/${encodeURIComponent(name)}${view ? `/${view}` : ""}`,
  agents: (policy = "") => (policy ? `/agents?policy=${encodeURIComponent(policy)}` : "/agents"),
  settings: "/settings",
};
