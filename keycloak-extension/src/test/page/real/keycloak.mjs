import { randomUUID } from "node:crypto";

/** A real Keycloak with the extension: KEYCLOAK_URL, and its admin as KEYCLOAK_ADMIN (name:password). */
export const KEYCLOAK_URL = process.env.KEYCLOAK_URL;

/** Of everybody in the realms here. */
export const PASSWORD = process.env.STAGE_PASSWORD ?? "correct horse";

/** Keycloak's admin REST, as the admin of everything or as somebody of a realm. */
export class Keycloak {
  constructor(token) {
    this.token = token;
  }

  static login() {
    const [username, password] = (process.env.KEYCLOAK_ADMIN ?? "admin:admin").split(":");
    return Keycloak.as("master", "admin-cli", username, password);
  }

  /** Somebody of a realm, through a client that takes passwords. */
  static async as(realm, client_id, username, password = PASSWORD) {
    const form = new URLSearchParams({ grant_type: "password", client_id, username, password });
    const answer = await fetch(`${KEYCLOAK_URL}/realms/${realm}/protocol/openid-connect/token`, { method: "POST", body: form });
    return new Keycloak((await answer.json()).access_token);
  }

  /** A new realm with people who have roles of realm-management; `more` is added to its representation. */
  async realm(people, more = {}) {
    const realm = `acme-${randomUUID().slice(0, 8)}`;
    await this.call("POST", "", {
      realm,
      displayName: "Acme",
      enabled: true,
      groups: [{ name: "platform", subGroups: [{ name: "deploy" }] }],
      users: Object.entries(people).map(([username, roles]) => ({
        username, enabled: true, firstName: username, lastName: "Example", email: `${username}@example.org`, emailVerified: true,
        credentials: [{ type: "password", value: PASSWORD }],
        clientRoles: { "realm-management": roles },
      })),
      ...more,
    });
    return realm;
  }

  async call(method, path, body) {
    const answer = await fetch(`${KEYCLOAK_URL}/admin/realms${path}`, {
      method,
      headers: { Authorization: `Bearer ${this.token}`, "Content-Type": "application/json" },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const text = await answer.text();
    if (!answer.ok) {
      throw new Error(`${method} ${path}: ${answer.status} ${text}`);
    }
    return text === "" ? undefined : JSON.parse(text);
  }

  /** Makes a policy, or its next version. */
  async save(realm, policy, comment) {
    const path = `/${realm}/writ/policies/${policy.name}`;
    const current = await this.call("GET", path).catch(() => undefined);
    return this.call("PUT", path, { expected: current?.version ?? 0, comment, policy });
  }

  remove(realm) {
    return this.call("DELETE", `/${realm}`);
  }
}
