import type { Policy, Source, Target } from "../model";
import type { Http, Problem } from "./http";

export interface Flag {
  severity: "danger" | "warning";
  /** Which grant, counted from 0; absent where it is about the whole policy. */
  grant?: number;
  message: string;
}

export interface PolicyRow {
  name: string;
  version: number;
  description?: string;
  author: string;
  at: string;
  comment?: string;
  deleted: boolean;
  targets: Target[];
  flags: Flag[];
}

export interface PolicyVersion {
  name: string;
  version: number;
  author: string;
  at: string;
  comment?: string;
  deleted: boolean;
  current: boolean;
  policy: Policy;
  yaml: string;
  flags: Flag[];
}

export interface VersionRow {
  version: number;
  author: string;
  at: string;
  comment?: string;
  deleted: boolean;
  restored_from?: number;
}

export type Effect = "wider" | "narrower" | "other";

export interface Change {
  pointer: string;
  before?: unknown;
  after?: unknown;
  effect: Effect;
  text: string;
}

export interface Comparison {
  from: number;
  to: number;
  changes: Change[];
  from_yaml: string;
  to_yaml: string;
}

export interface Check {
  sound: boolean;
  problems: Problem[];
  flags: Flag[];
  policy?: Policy;
  yaml?: string;
  aws?: { grant: number; characters: number; limit: number }[];
  changes?: Change[];
}

export type Preview =
  | { allowed: true; granted: Record<string, unknown> }
  | { allowed: false; denial: Denial };

export interface Denial {
  requested?: unknown;
  allowed?: unknown;
  rule: string;
  hint: string;
}

export interface Impact {
  changes: Change[];
  agents: ImpactedAgent[];
  agents_total: number;
  broker: BrokerState;
}

/** Whether the broker said which agents there are, or why not. */
export type BrokerState = "ok" | "unreachable" | "not configured" | "not permitted";

export interface ImpactedAgent {
  id: string;
  owner: string;
  accountable?: string;
  task?: string;
  expires_at: string;
  launcher?: string;
}

/** A permission as GitHub knows it. */
export interface Permission {
  name: string;
  levels: string[];
  description: string;
  /** Whether a grant's list of repositories bounds it. */
  bounded_by_repositories?: boolean;
}

export interface Vocabulary {
  github_permissions: Permission[];
  aws_session_policy_characters: number;
  bounds: { lifetime: { agent: string; credential: string } };
}

const one = (name: string) => `writ/policies/${encodeURIComponent(name)}`;

/** The policies of a realm (`/admin/realms/{realm}/writ/policies`). */
export class Policies {
  constructor(private readonly http: Http) {}

  list(query: { search: string; first: number; max: number; deleted: boolean }, signal?: AbortSignal) {
    return this.http.get<{ total: number; policies: PolicyRow[] }>("writ/policies", query, signal);
  }

  current(name: string, signal?: AbortSignal) {
    return this.http.get<PolicyVersion>(one(name), {}, signal);
  }

  version(name: string, version: number, signal?: AbortSignal) {
    return this.http.get<PolicyVersion>(`${one(name)}/versions/${version}`, {}, signal);
  }

  versions(name: string, first: number, max: number, signal?: AbortSignal) {
    return this.http.get<{ versions: VersionRow[] }>(`${one(name)}/versions`, { first, max }, signal);
  }

  compare(name: string, from: number, to: number, signal?: AbortSignal) {
    return this.http.get<Comparison>(`${one(name)}/compare`, { from, to }, signal);
  }

  save(name: string, expected: number, comment: string, source: Source) {
    return this.http.put<PolicyVersion>(one(name), { expected, ...(comment ? { comment } : {}), ...source });
  }

  restore(name: string, version: number, expected: number, comment: string) {
    return this.http.post<PolicyVersion>(`${one(name)}/restore`, { version, expected, ...(comment ? { comment } : {}) });
  }

  remove(name: string, expected: number, force: boolean, comment: string) {
    return this.http.delete(one(name), { expected, force, comment });
  }

  check(source: Source, base: string | undefined, signal?: AbortSignal) {
    return this.http.post<Check>("writ/policies/check", { ...source, ...(base ? { base } : {}) }, signal);
  }

  preview(source: Source, request: unknown) {
    return this.http.post<Preview>("writ/policies/preview", { ...source, request });
  }

  impact(name: string, what: Source | { delete: true }, signal?: AbortSignal) {
    return this.http.post<Impact>(`${one(name)}/impact`, what, signal);
  }

  vocabulary(signal?: AbortSignal) {
    return this.http.get<Vocabulary>("writ/vocabulary", {}, signal);
  }
}
