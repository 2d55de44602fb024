import type { Place } from "../place";
import type { Session } from "../session";

/** What is wrong at one place of a document. */
export interface Problem {
  /** JSON pointer (RFC 6901) into the document; empty for the whole. */
  pointer: string;
  line?: number;
  column?: number;
  message: string;
}

/** A refusal by the server (RFC 9457), or no answer at all: status 0. */
export class Refusal extends Error {
  constructor(
    readonly status: number,
    readonly title: string,
    readonly detail: string,
    readonly body: Readonly<Record<string, unknown>> = {},
  ) {
    super(detail || title);
  }

  get problems(): Problem[] {
    return Array.isArray(this.body.problems) ? (this.body.problems as Problem[]) : [];
  }
}

export type Query = Record<string, string | number | boolean | undefined>;

/** Calls of Keycloak's admin REST as the person who is logged in. */
export class Http {
  constructor(
    private readonly place: Place,
    private readonly session: Session,
  ) {}

  get<T>(path: string, query: Query = {}, signal?: AbortSignal): Promise<T> {
    return this.call<T>("GET", path, { query, signal });
  }

  post<T>(path: string, body: unknown, signal?: AbortSignal): Promise<T> {
    return this.call<T>("POST", path, { body, signal });
  }

  put<T>(path: string, body: unknown): Promise<T> {
    return this.call<T>("PUT", path, { body });
  }

  delete(path: string, query: Query): Promise<void> {
    return this.call<void>("DELETE", path, { query });
  }

  private async call<T>(
    method: string,
    path: string,
    { query = {}, body, signal }: { query?: Query; body?: unknown; signal?: AbortSignal },
  ): Promise<T> {
    const url = new URL(`${this.place.server}/admin/realms/${encodeURIComponent(this.place.realm)}/${path}`);
    Object.entries(query).forEach(([name, value]) => {
      if (value !== undefined && value !== "") {
        url.searchParams.set(name, String(value));
      }
    });
    const headers: Record<string, string> = {
      Authorization: `Bearer ${await this.session.token()}`,
      Accept: "application/json, application/problem+json",
    };
    if (body !== undefined) {
      headers["Content-Type"] = "application/json";
    }
    const answer = await send(url, { method, headers, body: body === undefined ? null : JSON.stringify(body), signal: signal ?? null });
    if (!answer.ok) {
      throw await refusal(answer);
    }
    return (answer.status === 204 ? undefined : await answer.json()) as T;
  }
}

async function send(url: URL, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, init);
  } catch (failed) {
    if (failed instanceof DOMException && failed.name === "AbortError") {
      throw failed;
    }
    throw new Refusal(0, "Keycloak does not answer", "Check your connection, then try again. Nothing was changed by this.");
  }
}

async function refusal(answer: Response): Promise<Refusal> {
  let body: Record<string, unknown> = {};
  try {
    body = (await answer.json()) as Record<string, unknown>;
  } catch {
    // A proxy's page, or nothing.
  }
  const title = text(body.title) || text(body.error) || `HTTP ${answer.status}`;
  return new Refusal(answer.status, title, text(body.detail) || text(body.error_description) || text(body.errorMessage), body);
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}

/** Whether a request was given up because nobody waits for it any more. */
export function givenUp(failed: unknown): boolean {
  return failed instanceof DOMException && failed.name === "AbortError";
}
