import { randomUUID } from "node:crypto";

/** A real Keycloak with the extension: KEYCLOAK_URL, and its admin as KEYCLOAK_ADMIN (name:password). */
export class Keycloak {
  constructor(url, token) {
    this.url = url;
    this.token = token;
  }

  static async at(url, [username, password]) {
    const form = new URLSearchParams({ grant_type: "password", client_id: "admin-cli", username, password });
    const answer = await fetch(`${url}/realms/master/protocol/openid-connect/token`, { method: "POST", body: form });
    return new Keycloak(url, (await answer.json()).access_token);
  }

  /** A new realm with people, each with a password that is the name, and roles of realm-management. */
  async realm(people) {
    const realm = `acme-${randomUUID().slice(0, 8)}`;
    await this.call("POST", "", { realm, enabled: true, groups: [{ name: "platform", subGroups: [{ name: "deploy" }] }], users: Object.entries(people).map(([username, roles]) => ({
      username, enabled: true, firstName: username, lastName: "Test", email: `${username}@example.org`, emailVerified: true,
      credentials: [{ type: "password", value: username }],
      clientRoles: { "realm-management": roles },
    })) });
    return realm;
  }

  async call(method, path, body) {
    const answer = await fetch(`${this.url}/admin/realms${path}`, {
      method,
      headers: { Authorization: `Bearer ${this.token}`, "Content-Type": "application/json" },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    if (!answer.ok) {
      throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
    }
    return answer.status === 204 || answer.headers.get("content-length") === "0" ? undefined : answer.json().catch(() => undefined);
  }

  remove(realm) {
    return this.call("DELETE", `/${realm}`);
  }
}
