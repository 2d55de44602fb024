import { createHash, randomUUID } from "node:crypto";

/** The authorization code flow with PKCE for whoever `user()` names; nobody types a password. */
export class Login {
  constructor(user) {
    this.user = user;
    this.codes = new Map();
    this.tokens = new Set();
  }

  answer(url, body) {
    const form = new URLSearchParams(body);
    if (url.pathname.endsWith("/auth")) {
      return this.authorize(url.searchParams);
    }
    if (url.pathname.endsWith("/token")) {
      return form.get("grant_type") === "authorization_code" ? this.redeem(form) : { status: 400, body: { error: "invalid_grant" } };
    }
    return { status: 302, headers: { Location: url.searchParams.get("post_logout_redirect_uri") ?? "/" } };
  }

  authorize(query) {
    const code = randomUUID();
    this.codes.set(code, query);
    const back = new URL(query.get("redirect_uri"));
    if (back.hash || query.get("response_mode") !== "query" || query.get("code_challenge_method") !== "S256") {
      return { status: 400, body: { error: "invalid_request" } };
    }
    back.searchParams.set("state", query.get("state"));
    back.searchParams.set("session_state", randomUUID());
    back.searchParams.set("iss", "fake");
    back.searchParams.set("code", code);
    return { status: 302, headers: { Location: back.href } };
  }

  redeem(form) {
    const asked = this.codes.get(form.get("code"));
    this.codes.delete(form.get("code"));
    const challenge = createHash("sha256").update(form.get("code_verifier") ?? "").digest("base64url");
    if (!asked || asked.get("code_challenge") !== challenge) {
      return { status: 400, body: { error: "invalid_grant" } };
    }
    const { name, roles } = this.user();
    const now = Math.floor(Date.now() / 1000);
    const claims = { sub: name, preferred_username: name, iat: now, exp: now + 3600, nonce: asked.get("nonce"), aud: "writ", azp: "writ-console", jti: randomUUID() };
    const access = jwt({ ...claims, ...(roles ? { resource_access: { "realm-management": { roles } } } : {}) });
    this.tokens.add(access);
    return { status: 200, body: { access_token: access, id_token: jwt(claims), refresh_token: jwt({ ...claims, typ: "Refresh" }), expires_in: 3600, token_type: "Bearer" } };
  }

  knows(authorization = "") {
    return this.tokens.has(authorization.replace(/^Bearer /, ""));
  }

  /** All sessions end. */
  forget() {
    this.tokens.clear();
  }
}

function jwt(claims) {
  const part = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
  return `${part({ alg: "none" })}.${part(claims)}.`;
}
