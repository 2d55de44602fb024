import type { Http } from "./http";

export type AgentState = "live" | "expired" | "killed";

/** An agent as the broker shows it (`GET /v1/agents`). */
export interface Agent {
  id: string;
  state: AgentState;
  policy: string;
  launched_policy?: string;
  owner: string;
  accountable?: string;
  launcher: string;
  requested_by?: { person: string; claimed: boolean };
  parent?: string;
  task?: string;
  role?: string;
  labels?: Record<string, string>;
  context?: { harness: string; session: string; model?: string };
  launched_at: string;
  expires_at: string;
  killed?: { at: string; by: string; reason?: string };
}

/** A credential that an agent was given, or asked for (`GET /v1/writs`). */
export interface Writ {
  writ: string;
  target: string;
  grant: Record<string, unknown>[];
  state: string;
  policy: string;
  issued_at: string;
  expires_at: string;
  ended_at?: string;
  ended_by?: string;
}

/** What became of a writ when its agent was killed. */
export interface KillResult {
  writ: string;
  result: "revoked" | "dies_at" | "unknown";
  answer?: string;
  dies_at?: string;
  why?: string;
}

export interface AgentQuery {
  owner?: string;
  policy?: string;
  state?: string;
  cursor?: string;
  limit?: number;
}

const one = (id: string) => `writ/agents/${encodeURIComponent(id)}`;

/** The broker's agents, relayed by Keycloak with the caller's own access token. */
export class Agents {
  constructor(private readonly http: Http) {}

  list(query: AgentQuery, signal?: AbortSignal) {
    return this.http.get<{ agents: Agent[]; next?: string }>("writ/agents", { ...query }, signal);
  }

  writs(id: string, signal?: AbortSignal) {
    return this.http.get<{ writs: Writ[]; next?: string }>(`${one(id)}/writs`, {}, signal);
  }

  kill(id: string, reason: string, tree: boolean) {
    return this.http.post<{ results: KillResult[] }>(`${one(id)}/kill`, { ...(reason ? { reason } : {}), tree });
  }
}
