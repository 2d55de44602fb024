package dev.writ.keycloak.page;

import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.util.LinkedHashSet;
import java.util.Set;
import org.keycloak.headers.SecurityHeadersProvider;
import org.keycloak.models.KeycloakSession;
import org.keycloak.urls.UrlType;

/**
 * What a browser may do with the page: run and load its own files, and call this server. It may be
 * shown inside a page of this server only (the admin console).
 */
final class PageHeaders {
  private static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:;"
          + " font-src 'self' data:; connect-src %s; frame-src %s; frame-ancestors %s;"
          + " form-action 'none'; base-uri 'none'";

  private PageHeaders() {}

  /** In place of Keycloak's own, which are made for its login pages. */
  static Response.ResponseBuilder on(Response.ResponseBuilder page, KeycloakSession session) {
    session.getProvider(SecurityHeadersProvider.class).options().skipHeaders();
    String here = String.join(" ", origins(session));
    return page.header("Content-Security-Policy", POLICY.formatted(here, here, here))
        .header("X-Content-Type-Options", "nosniff")
        .header("Referrer-Policy", "no-referrer")
        .header("X-Robots-Tag", "none")
        .header("Strict-Transport-Security", "max-age=31536000; includeSubDomains");
  }

  /** The admin console and its API may have a host name of their own. */
  private static Set<String> origins(KeycloakSession session) {
    Set<String> origins = new LinkedHashSet<>();
    origins.add("'self'");
    URI frontend = session.getContext().getUri(UrlType.FRONTEND).getBaseUri();
    URI admin = session.getContext().getUri(UrlType.ADMIN).getBaseUri();
    if (!origin(frontend).equals(origin(admin))) {
      origins.add(origin(frontend));
      origins.add(origin(admin));
    }
    return origins;
  }

  private static String origin(URI uri) {
    return uri.getScheme() + "://" + uri.getAuthority();
  }
}
