import type { Http } from "./http";

export type Kind = "user" | "group" | "client";

interface Group {
  path?: string;
  subGroups?: Group[];
}

const MAX = 12;

/**
 * Names of the realm's own users, groups and clients, as help while typing. Who may not list them
 * gets none, and types.
 */
export class Realm {
  constructor(private readonly http: Http) {}

  async suggest(kind: Kind, text: string, signal: AbortSignal): Promise<string[]> {
    try {
      return await this.find(kind, text, signal);
    } catch {
      return [];
    }
  }

  private async find(kind: Kind, text: string, signal: AbortSignal): Promise<string[]> {
    switch (kind) {
      case "user": {
        const users = await this.http.get<{ username: string }[]>(
          "users", { search: text, max: MAX, briefRepresentation: true, enabled: true }, signal);
        return users.map((user) => user.username).filter((name) => !name.startsWith("service-account-"));
      }
      case "client": {
        const clients = await this.http.get<{ clientId: string }[]>(
          "clients", { clientId: text, search: true, max: MAX }, signal);
        return clients.map((client) => client.clientId);
      }
      case "group": {
        const groups = await this.http.get<Group[]>(
          "groups", { search: text.split("/").pop() ?? "", max: MAX, briefRepresentation: true, populateHierarchy: true }, signal);
        return paths(groups).slice(0, MAX);
      }
    }
  }
}

/** Full paths without the leading slash, as policies name groups. */
function paths(groups: Group[]): string[] {
  return groups.flatMap((group) => [
    ...(group.path ? [group.path.replace(/^\//, "")] : []),
    ...paths(group.subGroups ?? []),
  ]);
}
