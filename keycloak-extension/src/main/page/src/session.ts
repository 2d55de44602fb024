import Keycloak from "keycloak-js";
import { adminClient, type Place } from "./place";

const CLIENT = "writ-console";
const ROUTE = "writ.route";
/** A token is renewed when it has less than this to live, in seconds. */
const FRESH = 30;

/** Who is logged in. The tokens stay in memory. */
export interface Session {
  user: string;
  /** `unknown` when the token does not say: then the server's answer does. */
  mayWrite: boolean | "unknown";
  token(): Promise<string>;
  /** A new login; the page is loaded anew and comes back to where it was. */
  login(): Promise<void>;
  logout(): Promise<void>;
}

interface Claims {
  preferred_username?: string;
  resource_access?: Record<string, { roles?: string[] }>;
}

/** Logs in with the authorization code flow and PKCE; leaves the page where it is not yet done. */
export async function openSession(place: Place): Promise<Session> {
  const keycloak = new Keycloak({ url: place.server, realm: place.login, clientId: CLIENT });
  // A redirect URI carries no fragment (RFC 6749 section 3.1.2): the route waits here.
  if (!new URLSearchParams(location.search).has("code")) {
    sessionStorage.setItem(ROUTE, location.hash);
  }
  await keycloak.init({
    onLoad: "login-required",
    pkceMethod: "S256",
    responseMode: "query",
    checkLoginIframe: false,
    redirectUri: location.origin + location.pathname + kept(place),
  });
  history.replaceState(null, "", location.pathname + kept(place) + (sessionStorage.getItem(ROUTE) ?? ""));
  const claims = keycloak.tokenParsed as Claims | undefined;
  return {
    user: claims?.preferred_username ?? "",
    mayWrite: mayWrite(claims, place),
    token: () => fresh(keycloak),
    login: () => relogin(keycloak),
    logout: () => keycloak.logout(),
  };
}

function mayWrite(claims: Claims | undefined, place: Place): boolean | "unknown" {
  const roles = claims?.resource_access?.[adminClient(place)]?.roles;
  return roles ? roles.includes("manage-realm") : "unknown";
}

async function fresh(keycloak: Keycloak): Promise<string> {
  try {
    await keycloak.updateToken(FRESH);
  } catch {
    // The session is over: the request goes on with what there is, and its 401 asks for a login.
  }
  return keycloak.token ?? "";
}

async function relogin(keycloak: Keycloak): Promise<void> {
  sessionStorage.setItem(ROUTE, location.hash);
  await keycloak.login();
}

function kept(place: Place): string {
  const query = new URLSearchParams();
  if (place.realm !== place.login) {
    query.set("realm", place.realm);
  }
  if (place.embedded) {
    query.set("embedded", "true");
  }
  const text = query.toString();
  return text ? `?${text}` : "";
}
