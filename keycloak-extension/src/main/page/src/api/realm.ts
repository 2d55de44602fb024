import { Refusal, type Http } from "./http";

export type Named = "group" | "user";

const MAX = 12;

/**
 * Names of the realm's groups and users, as help while typing. Keycloak's own lists need roles that
 * this page's tokens do not carry; the extension tells what the person may see, and names only. Who
 * may see none is asked no more, and types.
 */
export class Realm {
  private readonly refused = new Set<Named>();

  constructor(private readonly http: Http) {}

  async names(kind: Named, search: string, signal: AbortSignal): Promise<string[]> {
    if (this.refused.has(kind)) {
      return [];
    }
    try {
      return (await this.http.get<{ names: string[] }>("writ/suggestions", { kind, search, max: MAX }, signal)).names;
    } catch (failed) {
      if (failed instanceof Refusal && failed.status === 403) {
        this.refused.add(kind);
      }
      return [];
    }
  }
}
