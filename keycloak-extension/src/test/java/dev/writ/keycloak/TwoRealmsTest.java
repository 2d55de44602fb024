package dev.writ.keycloak;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.writ.fixtures.http.FakeServer;
import dev.writ.fixtures.http.FakeServer.Answer;
import dev.writ.fixtures.http.Reply;
import dev.writ.fixtures.keycloak.KeycloakRealm;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Two realms of one Keycloak see nothing of each other, though names and numbers are the same. */
@SuppressWarnings("NullAway.Init") // before the first test
class TwoRealmsTest {
  @RegisterExtension static final TestKeycloak KEYCLOAK = TestKeycloak.onPostgres();

  private static final Side RED = new Side("crimson");
  private static final Side BLUE = new Side("azure");

  /** A realm with a broker, an administrator, a group and a policy that all have the same names. */
  @SuppressWarnings("NullAway.Init")
  private static final class Side {
    private final String colour;
    private final Queue<FakeServer.Request> heard = new ConcurrentLinkedQueue<>();
    private final FakeServer broker;
    private KeycloakRealm realm;
    private String admin;
    private String service;

    Side(String colour) {
      this.colour = colour;
      this.broker =
          FakeServer.http(
              0,
              request -> {
                heard.add(request);
                return Answer.json(200, "{\"agents\":[]}");
              });
    }

    void begin() {
      realm = KEYCLOAK.server().freshRealm(colour);
      ObjectNode settings = WritApi.object();
      settings.putObject("broker").put("url", broker.url().toString());
      api().send("PUT", "settings", settings.toString()).expect(200);
      api().save("operator", 0, colour, Policies.internal("operator", colour)).expect(201);
      realm.allowPasswords("writ-console");
      admin = realm.user("ada").manages("realm-admin").joins("platform").token("writ-console");
      realm.user(colour).joins("platform");
      service = realm.workload("writ-broker").token();
    }

    WritApi api() {
      return WritApi.of(realm);
    }

    WritApi with(String token) {
      return api().as(token);
    }

    Reply source(String document, String token, String known) {
      return realm
          .admin()
          .send(
              "GET",
              "/realms/" + realm.name() + "/writ/source/" + document,
              Map.of("Authorization", "Bearer " + token, "If-None-Match", known),
              "");
    }

    JsonNode console() {
      return realm.admin().get(realm.path("/clients?clientId=writ-console")).path(0);
    }
  }

  @BeforeAll
  static void begin() {
    RED.begin();
    BLUE.begin();
  }

  @AfterAll
  static void end() {
    RED.broker.close();
    BLUE.broker.close();
  }

  private static void nothingOf(Side other, String text) {
    assertFalse(text.contains(other.colour), text);
  }

  @Test
  void each_has_its_own_policies_history_and_settings() {
    for (Side side : List.of(RED, BLUE)) {
      Side other = side == RED ? BLUE : RED;
      for (String path :
          List.of("policies", "policies/operator", "policies/operator/versions", "vocabulary")) {
        nothingOf(other, side.with(side.admin).get(path).expect(200).body());
      }
      assertEquals(List.of(), side.api().names("?search=" + other.colour));
      assertEquals(
          side.broker.url().toString(),
          side.api().get("settings").json().at("/broker/url").asText());
    }
  }

  @Test
  void an_administrator_of_the_one_is_refused_by_the_other() {
    WritApi intruder = BLUE.with(RED.admin);
    String before = BLUE.api().get("policies").body();
    for (String path : List.of("policies", "policies/operator", "settings", "agents")) {
      intruder.get(path).expect(403);
    }
    intruder.save("operator", 1, "", Policies.internal("operator", "x")).expect(403);
    intruder.delete("operator", 1).expect(403);
    intruder.send("PUT", "settings", "{}").expect(403);
    assertEquals(before, BLUE.api().get("policies").body());
  }

  @Test
  void a_change_moves_the_numbers_of_its_own_realm_alone() {
    String policies = BLUE.source("policies", BLUE.service, "").header("ETag");
    String owners = BLUE.source("owners", BLUE.service, "").header("ETag");

    RED.api().save("moving", 0, "", Policies.internal("moving", "a")).expect(201);
    RED.realm.user("somebody").joins("platform");

    BLUE.source("policies", BLUE.service, policies).expect(304);
    BLUE.source("owners", BLUE.service, owners).expect(304);
  }

  @Test
  void a_broker_reads_its_own_realm_alone() {
    for (Side side : List.of(RED, BLUE)) {
      Side other = side == RED ? BLUE : RED;
      for (String document : List.of("policies", "owners")) {
        Reply own = side.source(document, side.service, "").expect(200);
        assertEquals(side.realm.name(), own.text("realm"));
        nothingOf(other, own.body());
        assertEquals(401, other.source(document, side.service, "").status());
      }
    }
  }

  @Test
  void each_tells_and_asks_its_own_broker_alone() throws Exception {
    BLUE.heard.clear();
    RED.heard.clear();
    RED.api().save("told", 0, "", Policies.internal("told", "a")).expect(201);
    RED.with(RED.admin).get("agents").expect(200);

    for (int i = 0; i < 50 && RED.heard.size() < 2; i++) {
      Thread.sleep(100);
    }
    List<String> paths = RED.heard.stream().map(FakeServer.Request::path).sorted().toList();
    assertEquals(List.of("/v1/agents", "/v1/policies/poll"), paths);
    assertEquals(List.of(), List.copyOf(BLUE.heard));
  }

  @Test
  void the_pages_clients_lead_to_their_own_realms() {
    for (Side side : List.of(RED, BLUE)) {
      JsonNode client = side.console();
      assertEquals(
          "[\"/realms/" + side.realm.name() + "/writ/*\"]", client.path("redirectUris").toString());
      String scope =
          side.realm
              .admin()
              .get(side.realm.path("/clients/" + client.path("id").asText() + "/scope-mappings"))
              .path("clientMappings")
              .fieldNames()
              .next();
      assertEquals("realm-management", scope);
    }
  }

  @Test
  void an_export_takes_its_own_realm_along_alone() {
    String exported =
        RED.realm.send("POST", "/partial-export?exportClients=true", "").expect(200).body();
    assertTrue(exported.contains("dev.writ.policies"));
    nothingOf(BLUE, exported);
  }

  @Test
  void a_realm_that_is_deleted_takes_nothing_of_another_along() {
    String before = BLUE.api().get("policies").body();
    KeycloakRealm gone = KEYCLOAK.server().freshRealm("gone");
    WritApi.of(gone).save("operator", 0, "", Policies.internal("operator", "a")).expect(201);
    gone.delete();
    assertEquals(before, BLUE.api().get("policies").body());
  }
}
