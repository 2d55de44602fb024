import type { Http } from "./http";

interface Group {
  path?: string;
  subGroups?: Group[];
}

const MAX = 12;

/** The realm's own groups, as help while typing. Who may not list them gets none, and types. */
export class Realm {
  private refused = false;

  constructor(private readonly http: Http) {}

  async groups(text: string, signal: AbortSignal): Promise<string[]> {
    if (this.refused) {
      return [];
    }
    try {
      const groups = await this.http.get<Group[]>(
        "groups",
        { search: text.split("/").pop() ?? "", max: MAX, briefRepresentation: true, populateHierarchy: true },
        signal,
      );
      return paths(groups).slice(0, MAX);
    } catch {
      this.refused = !signal.aborted;
      return [];
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
