package dev.writ.keycloak;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.writ.fixtures.http.Reply;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** How the page's files are served. */
class PageTest {
  @RegisterExtension static final TestKeycloak KEYCLOAK = TestKeycloak.onPostgres();

  private static final Pattern ASSET = Pattern.compile("\"\\./(assets/[^\"]+\\.js)\"");

  private static Reply get(String path) {
    return KEYCLOAK
        .realm()
        .admin()
        .send("GET", "/realms/" + KEYCLOAK.realm().name() + "/writ" + path, Map.of(), "");
  }

  @Test
  void the_page_may_run_its_own_files_and_call_this_server_only() {
    Reply page = get("/").expect(200);
    assertEquals(
        "text/html;charset=utf-8",
        page.header("Content-Type").replace(" ", "").toLowerCase(Locale.ROOT));
    assertEquals("no-cache", page.header("Cache-Control"));
    assertEquals(
        List.of(
            "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; connect-src 'self'; frame-src 'self'; frame-ancestors 'self'; form-action 'none'; base-uri 'none'"),
        page.headers("Content-Security-Policy"));
    assertEquals("nosniff", page.header("X-Content-Type-Options"));
    assertEquals("no-referrer", page.header("Referrer-Policy"));
  }

  @Test
  void without_its_slash_the_page_is_elsewhere() {
    assertTrue(
        get("")
            .expect(303)
            .header("Location")
            .endsWith("/realms/" + KEYCLOAK.realm().name() + "/writ/"));
  }

  @Test
  void what_the_page_loads_is_there_and_is_kept_for_a_year() {
    Matcher assets = ASSET.matcher(get("/").body());
    while (assets.find()) {
      Reply asset = get("/" + assets.group(1)).expect(200);
      assertEquals("public, max-age=31536000, immutable", asset.header("Cache-Control"));
      assertTrue(asset.header("Content-Type").startsWith("text/javascript"));
    }
  }

  @Test
  void nothing_else_of_the_jar_is_served() {
    for (String path :
        List.of(
            "/../META-INF/writ-changelog.xml",
            "/..%2fMETA-INF/writ-changelog.xml",
            "/%2e%2e/META-INF/beans.xml",
            "/assets/",
            "/.hidden.js",
            "/a//b.js",
            "/dev.class",
            "/none.js")) {
      Reply reply = get(path);
      assertTrue(reply.status() == 404 || reply.status() == 400, path + " " + reply);
    }
  }
}
