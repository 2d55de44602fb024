/** Where this page is, and whose policies it shows. */
export interface Place {
  /** The server's base URL without trailing slash: what stands before `/realms/`. */
  server: string;
  /** The realm people log in to. */
  login: string;
  /** The realm whose policies these are: another one only for admins of the master realm. */
  realm: string;
  /** Shown within the admin console. */
  embedded: boolean;
}

const PATH = /^(.*)\/realms\/([^/]+)\/writ(\/|$)/;

/**
 * Reads the page's own address: `/realms/{login}/writ/?realm={realm}&embedded`. The realm defaults
 * to the one that is logged in to.
 */
export function readPlace(location: Location): Place {
  const [, base = "", path = "master"] = PATH.exec(location.pathname) ?? [];
  const query = new URLSearchParams(location.search);
  const login = decodeURIComponent(path);
  return {
    server: location.origin + base,
    login,
    realm: query.get("realm") ?? login,
    embedded: query.has("embedded"),
  };
}

/** The admin console, at the managed realm. */
export function consoleUrl(place: Place): string {
  return `${place.server}/admin/${encodeURIComponent(place.login)}/console/#/${encodeURIComponent(place.realm)}`;
}

/** This page at a realm. */
export function pageUrl(server: string, realm: string): string {
  return `${server}/realms/${encodeURIComponent(realm)}/writ/`;
}

/** The client whose roles administer the managed realm, as seen from the realm of the login. */
export function adminClient({ login, realm }: Place): string {
  return login === realm && realm !== "master" ? "realm-management" : `${realm}-realm`;
}
