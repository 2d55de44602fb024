/** One entry of `launch`, taken apart for its three fields. */
export interface LaunchRule {
  kind: LaunchKind;
  launcher: string;
  who: string;
}

export type LaunchKind = "group" | "user" | "client" | "agent" | "operator" | "other";

export const launchKinds: Record<LaunchKind, string> = {
  group: "Members of a group",
  user: "A user",
  client: "A client (workload)",
  agent: "Parent agents",
  operator: "The broker's operator",
  other: "Other",
};

/** The name that brokers give to this Keycloak among their launchers, unless set up otherwise. */
export const LAUNCHER = "keycloak";

const RULE = /^([^/]*)\/(group|user|client):(.*)$/s;

export function readRule(text: string): LaunchRule {
  if (text === "agent" || text === "operator") {
    return { kind: text, launcher: LAUNCHER, who: "" };
  }
  const [, launcher = "", kind, who = ""] = RULE.exec(text) ?? [];
  return kind ? { kind: kind as LaunchKind, launcher, who } : { kind: "other", launcher: LAUNCHER, who: text };
}

export function writeRule({ kind, launcher, who }: LaunchRule): string {
  switch (kind) {
    case "agent":
    case "operator":
      return kind;
    case "other":
      return who;
    default:
      return `${launcher}/${kind}:${who}`;
  }
}

/** One entry of `owners`: `user:ada` or `group:platform`. */
export function readOwner(text: string): { kind: "user" | "group"; who: string } {
  return text.startsWith("user:") ? { kind: "user", who: text.slice(5) } : { kind: "group", who: text.replace(/^group:/, "") };
}
