package dev.writ.keycloak;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.writ.fixtures.http.FakeServer;
import dev.writ.fixtures.http.FakeServer.Answer;
import dev.writ.fixtures.http.Reply;
import dev.writ.fixtures.keycloak.KeycloakRealm;
import dev.writ.fixtures.keys.TestCa;
import dev.writ.fixtures.process.Ports;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What is said to the realm's broker, and what becomes of its answers. */
class BrokerTest {
  @RegisterExtension static final TestKeycloak KEYCLOAK = TestKeycloak.onPostgres();

  private static final String AGENT = "0b9d4a0e-9a3c-4a51-9c77-0d0d5b0a7a11";
  private static final String AGENTS =
      "{\"agents\":[{\"id\":\""
          + AGENT
          + "\",\"owner\":\"group:platform\",\"accountable\":\"user:ada\",\"launcher\":\"keycloak/user:ada\",\"expires_at\":\"2030-01-01T00:00:00Z\",\"policy\":\"attached@1\"}]}";

  private static final BlockingQueue<FakeServer.Request> HEARD = new LinkedBlockingQueue<>();
  private static final BlockingQueue<FakeServer.Request> HINTS = new LinkedBlockingQueue<>();
  private static volatile Map<String, Answer.Whole> answers = Map.of();
  private static FakeServer broker;
  private static KeycloakRealm realm;
  private static WritApi api;
  private static WritApi ada;

  @BeforeAll
  static void aBrokerAndAnAdministrator() {
    TestCa ca = TestCa.create("Broker CA");
    broker =
        FakeServer.https(
            0,
            ca.server("localhost"),
            request -> {
              (request.path().equals("/v1/policies/poll") ? HINTS : HEARD).add(request);
              return answers.getOrDefault(
                  request.method() + " " + request.path(), Answer.json(404, "{}"));
            });
    realm = KEYCLOAK.realm();
    api = WritApi.of(realm);
    ObjectNode settings = WritApi.object();
    settings.putObject("broker").put("url", broker.url().toString()).put("ca", ca.pem());
    api.send("PUT", "settings", settings.toString()).expect(200);
    realm.allowPasswords("writ-console");
    KeycloakRealm.Person person = realm.user("ada").manages("manage-realm").joins("platform");
    ada = api.as(person.token("writ-console"));
  }

  @AfterAll
  static void noBroker() {
    broker.close();
  }

  @BeforeEach
  void usualAnswers() {
    HEARD.clear();
    HINTS.clear();
    answers =
        Map.of(
            "POST /v1/policies/poll", new Answer.Whole(202, Map.of(), ""),
            "GET /v1/policies", Answer.json(200, "{\"policies\":[]}"),
            "GET /v1/agents", Answer.json(200, AGENTS));
  }

  private static FakeServer.Request hint() throws InterruptedException {
    return Objects.requireNonNull(HINTS.poll(5, TimeUnit.SECONDS), "no hint");
  }

  @Test
  void the_broker_is_told_after_a_change_without_any_credential() throws Exception {
    ada.save("pushed", 0, "", Policies.internal("pushed", "a")).expect(201);
    FakeServer.Request hint = hint();
    assertEquals("POST", hint.method());
    assertEquals("", hint.body());
    assertEquals("", hint.header("Authorization"));
    realm.user("somebody");
    assertEquals("/v1/policies/poll", hint().path());
  }

  @Test
  void what_was_not_saved_is_not_pushed() throws Exception {
    ada.save("pushed-not", 7, "", Policies.internal("pushed-not", "a")).expect(409);
    ada.save("pushed-not", 0, "", "name: x").expect(400);
    ada.save("pushed-once", 0, "", Policies.internal("pushed-once", "a")).expect(201);
    hint();
    assertEquals(List.of(), List.copyOf(HINTS));
  }

  @Test
  void agents_are_asked_for_with_the_callers_own_token_and_the_answer_is_passed_on() {
    Reply reply = ada.get("agents?policy=attached&limit=7").expect(200);
    assertEquals(AGENTS, reply.body());
    FakeServer.Request asked = HEARD.remove();
    assertEquals("policy=attached&limit=7", asked.query());
    JsonNode claims = claims(asked.header("Authorization").substring("Bearer ".length()));
    assertEquals("ada", claims.path("preferred_username").asText());
    assertEquals("[\"/platform\"]", claims.path("groups").toString());
    assertTrue(claims.path("aud").toString().contains("\"writ\""), claims.toString());
    assertTrue(claims.path("sub").isTextual());

    String busy =
        "{\"type\":\"urn:writ:problem:conflict\",\"title\":\"Conflict\",\"status\":409,\"detail\":\"busy\"}";
    answers =
        Map.of(
            "POST /v1/agents/" + AGENT + "/kill",
            new Answer.Whole(409, Map.of("Content-Type", "application/problem+json"), busy));
    Reply kill = ada.send("POST", "agents/" + AGENT + "/kill", "{\"reason\":\"x\",\"tree\":true}");
    assertEquals(busy, kill.expect(409).body());
    assertEquals("application/problem+json", kill.header("Content-Type"));
    assertEquals("{\"reason\":\"x\",\"tree\":true}", HEARD.remove().body());
    ada.get("agents/not-an-id").expect(404);
    assertEquals(List.of(), List.copyOf(HEARD));
  }

  static JsonNode claims(String token) {
    return Reply.of(
            200,
            Map.of(),
            new String(
                Base64.getUrlDecoder().decode(token.split("\\.")[1]), StandardCharsets.UTF_8))
        .json();
  }

  @Test
  void a_token_of_another_realm_or_for_another_audience_never_leaves_this_server() {
    String cli = realm.user("cli").manages("manage-realm").token();
    for (WritApi caller : List.of(api, api.as(cli))) {
      Reply refused = caller.get("agents").expect(409);
      assertEquals("not permitted", refused.text("broker"));
      caller.send("POST", "agents/" + AGENT + "/kill", "{}").expect(409);
      assertEquals(
          "not permitted",
          caller
              .post("policies/x/impact", WritApi.object().put("delete", true))
              .expect(200)
              .text("broker"));
    }
    assertEquals(List.of(), List.copyOf(HEARD));
  }

  @Test
  void a_policy_with_live_agents_is_deleted_only_by_force() {
    ada.save("attached", 0, "", Policies.internal("attached", "a")).expect(201);
    Reply refused = ada.send("DELETE", "policies/attached?expected=1", "").expect(409);
    assertEquals(1, refused.json().path("agents").asInt());
    JsonNode impact =
        ada.post("policies/attached/impact", WritApi.object().put("delete", true))
            .expect(200)
            .json();
    assertEquals(1, impact.path("agents_total").asInt());
    assertEquals("user:ada", impact.at("/agents/0/accountable").asText());
    assertEquals("ok", impact.path("broker").asText());
    assertEquals(List.of("attached"), ada.names("?search=attached"));

    ada.send("DELETE", "policies/attached?expected=1&force=true", "").expect(204);
    assertEquals(List.of(), ada.names("?search=attached"));
  }

  @Test
  void a_policy_without_agents_is_deleted() {
    ada.save("free", 0, "", Policies.internal("free", "a")).expect(201);
    answers =
        Map.of(
            "GET /v1/policies",
            Answer.json(200, "{}"),
            "GET /v1/agents",
            Answer.json(200, "{\"agents\":[]}"));
    ada.send("DELETE", "policies/free?expected=1", "").expect(204);
  }

  @Test
  void who_is_not_shown_all_agents_cannot_delete_without_force() {
    ada.save("hidden", 0, "", Policies.internal("hidden", "a")).expect(201);
    answers =
        Map.of(
            "GET /v1/policies",
            Answer.json(404, "{}"),
            "GET /v1/agents",
            Answer.json(200, "{\"agents\":[]}"));
    Reply refused = ada.send("DELETE", "policies/hidden?expected=1", "").expect(409);
    assertEquals("not permitted", refused.text("broker"));
    assertEquals(List.of("hidden"), ada.names("?search=hidden"));
  }

  @Test
  void a_broker_that_is_away_is_said_to_be_and_keeps_policies_from_being_deleted() {
    KeycloakRealm other = KEYCLOAK.server().freshRealm("away");
    WritApi there = WritApi.of(other);
    ObjectNode settings = WritApi.object();
    settings.putObject("broker").put("url", "http://127.0.0.1:" + Ports.free());
    there.send("PUT", "settings", settings.toString()).expect(200);
    other.allowPasswords("writ-console");
    WritApi admin = there.as(other.user("ada").manages("manage-realm").token("writ-console"));
    admin.save("p", 0, "", Policies.internal("p", "a")).expect(201);

    Reply unreachable = admin.get("agents").expect(502);
    assertEquals("The broker cannot be reached: it does not answer.", unreachable.text("detail"));
    assertEquals(
        "unreachable",
        admin.send("DELETE", "policies/p?expected=1", "").expect(409).text("broker"));
    assertEquals(
        "unreachable",
        admin
            .post("policies/p/impact", WritApi.object().put("delete", true))
            .expect(200)
            .text("broker"));
    assertEquals(List.of("p"), admin.names(""));

    settings.putObject("broker").put("url", broker.url().toString());
    admin.send("PUT", "settings", settings.toString()).expect(200);
    assertEquals(
        "The broker cannot be reached: its certificate is not trusted; see broker.ca.",
        admin.get("agents").expect(502).text("detail"));

    admin.send("PUT", "settings", "{}").expect(200);
    assertEquals("not configured", admin.get("agents").expect(409).text("broker"));
    other.delete();
  }
}
