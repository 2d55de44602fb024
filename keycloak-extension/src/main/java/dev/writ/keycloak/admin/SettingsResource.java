package dev.writ.keycloak.admin;

import com.fasterxml.jackson.databind.JsonNode;
import dev.writ.keycloak.broker.Certificates;
import dev.writ.keycloak.http.Answers;
import dev.writ.keycloak.http.Body;
import dev.writ.keycloak.store.Settings;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.core.Response;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.keycloak.events.admin.OperationType;
import org.keycloak.models.RealmModel;

/** {@code settings}: where the broker is, who it is here, and whether the console shows us. */
public final class SettingsResource {
  private static final String THEME = "writ";
  private static final Set<String> MEMBERS = Set.of("url", "ca");
  private static final int URL_MAX = 2_000;
  private static final int CA_MAX = 100_000;
  private static final int CLIENT_MAX = 255;

  private final Administered administered;

  SettingsResource(Administered administered) {
    this.administered = administered;
  }

  @GET
  public Response show() {
    return administered.unlessReader().orElseGet(() -> Answers.ok(view()));
  }

  private Map<String, Object> view() {
    RealmModel realm = administered.realm();
    Map<String, Object> view =
        new LinkedHashMap<>(Settings.of(administered.session(), realm).view());
    view.put("console_theme", THEME.equals(realm.getAdminTheme()));
    return view;
  }

  @PUT
  public Response save(String text) {
    return administered.unlessWriter().orElseGet(() -> saved(text));
  }

  private Response saved(String text) {
    Body body = Body.read(text, "broker", "broker_client", "console_theme");
    Settings settings = settings(body);
    boolean console = body.flag("console_theme");
    if (!body.isSound()) {
      return Answers.invalid(body.problems());
    }
    settings.save(administered.session(), administered.realm());
    console(console);
    administered.record(OperationType.UPDATE, "WRIT_SETTINGS", view());
    return Answers.ok(view());
  }

  private static Settings settings(Body body) {
    Optional<JsonNode> broker = body.node("broker");
    Optional<String> url = broker.flatMap(node -> member(body, node, "url", URL_MAX));
    Optional<String> ca = broker.flatMap(node -> member(body, node, "ca", CA_MAX));
    if (broker.filter(node -> !isBroker(node)).isPresent()) {
      body.problem("/broker", "expected an object with url and ca and nothing else");
    }
    url.flatMap(Settings::complaint).ifPresent(complaint -> body.problem("/broker/url", complaint));
    if (ca.isPresent() && !Certificates.isSound(ca.get())) {
      body.problem("/broker/ca", "expected certificates in PEM");
    }
    Optional<String> client = body.text("broker_client", CLIENT_MAX).filter(id -> !id.isBlank());
    return new Settings(url, ca, client.orElse(Settings.BROKER_CLIENT));
  }

  private static boolean isBroker(JsonNode node) {
    return node.isObject()
        && node.properties().stream().allMatch(member -> MEMBERS.contains(member.getKey()));
  }

  private static Optional<String> member(Body body, JsonNode broker, String name, int max) {
    JsonNode node = broker.path(name);
    if (node.isMissingNode() || node.isNull()) {
      return Optional.empty();
    }
    if (!node.isTextual() || node.asText().length() > max) {
      body.problem("/broker/" + name, "expected text of at most " + max + " characters");
      return Optional.empty();
    }
    return Optional.of(node.asText().strip()).filter(text -> !text.isEmpty());
  }

  /** Another theme that somebody chose stays, unless this one is asked for. */
  private void console(boolean wanted) {
    RealmModel realm = administered.realm();
    if (wanted) {
      realm.setAdminTheme(THEME);
    } else if (THEME.equals(realm.getAdminTheme())) {
      realm.setAdminTheme(null);
    }
  }
}
