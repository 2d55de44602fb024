package dev.writ.keycloak.page;

import dev.writ.keycloak.http.Answers;
import dev.writ.keycloak.source.Drift;
import dev.writ.keycloak.source.SourceResource;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.keycloak.models.KeycloakSession;

/**
 * The files of the page, which the build puts into this jar under {@code page/}: {@code assets/},
 * whose names change with their content and which are cached for a year, and others, such as {@code
 * index.html}, which are asked for anew each time.
 */
public final class PageResource {
  private static final String ROOT = "/page/";
  private static final String INDEX = "index.html";
  private static final String NAMED_BY_CONTENT = "assets/";
  private static final String A_YEAR = "public, max-age=31536000, immutable";

  /** No folders above, and nothing hidden. */
  private static final Pattern ASSET =
      Pattern.compile("(?:[A-Za-z0-9_-][A-Za-z0-9._-]*/)*[A-Za-z0-9_-][A-Za-z0-9._-]*");

  private static final Map<String, String> TYPES =
      Map.ofEntries(
          Map.entry("html", "text/html; charset=utf-8"),
          Map.entry("js", "text/javascript; charset=utf-8"),
          Map.entry("css", "text/css; charset=utf-8"),
          Map.entry("json", "application/json"),
          Map.entry("svg", "image/svg+xml"),
          Map.entry("png", "image/png"),
          Map.entry("ico", "image/x-icon"),
          Map.entry("woff", "font/woff"),
          Map.entry("woff2", "font/woff2"),
          Map.entry("txt", "text/plain; charset=utf-8"));

  private final KeycloakSession session;
  private final Drift drift;

  public PageResource(KeycloakSession session, Drift drift) {
    this.session = session;
    this.drift = drift;
  }

  @Path("source")
  public SourceResource source() {
    return new SourceResource(session, drift);
  }

  /** Addresses in the page are relative, so it has to stand at the slash. */
  @GET
  public Response index(@Context UriInfo uri) {
    String path = uri.getRequestUri().getRawPath();
    if (!path.endsWith("/")) {
      return Response.seeOther(URI.create(path + "/")).build();
    }
    return page();
  }

  @GET
  @Path("{file: .+}")
  public Response asset(@PathParam("file") String name) {
    String type = TYPES.get(name.substring(name.lastIndexOf('.') + 1));
    if (type == null || !ASSET.matcher(name).matches()) {
      return Answers.notFound("There is no such file.");
    }
    return name.equals(INDEX) ? page() : asset(name, type);
  }

  private static Response asset(String name, String type) {
    return file(ROOT + name)
        .map(bytes ->
            Response.ok(bytes, type)
                .header("Cache-Control", name.startsWith(NAMED_BY_CONTENT) ? A_YEAR : "no-cache")
                .build())
        .orElseGet(() -> Answers.notFound("There is no such file."));
  }

  private Response page() {
    byte[] html = file(ROOT + INDEX).or(() -> file("absent.html")).orElseThrow();
    return PageHeaders.on(Response.ok(html, "text/html; charset=utf-8"), session)
        .header("Cache-Control", "no-cache")
        .build();
  }

  private static Optional<byte[]> file(String name) {
    try (InputStream stream = PageResource.class.getResourceAsStream(name)) {
      return stream == null ? Optional.empty() : Optional.of(stream.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
