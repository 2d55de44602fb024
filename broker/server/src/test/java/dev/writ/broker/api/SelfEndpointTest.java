package dev.writ.broker.api;

import static dev.writ.broker.api.TestEndpoints.ADMIN;
import static dev.writ.broker.api.TestEndpoints.agent;
import static dev.writ.broker.api.TestEndpoints.get;
import static dev.writ.broker.api.TestEndpoints.json;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import dev.writ.broker.agent.Authorities;
import dev.writ.broker.store.TestDatabase;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class SelfEndpointTest {
  @RegisterExtension static final TestDatabase DATABASE = TestDatabase.migrated();

  private static final String POLICY =
      """
      name: operator
      lifetime: { agent: 12h, credential: 1h }
      launch: [ "keycloak/client:orchestrator", "agent" ]
      delegation: { depth: 2, policies: [ operator ] }
      grants:
        - internal: { audience: "https://deploy.internal", scopes: [ "deploy:read", "deploy:staging" ] }
      """;

  @SuppressWarnings("NullAway.Init")
  private static TestEndpoints world;

  @SuppressWarnings("NullAway.Init")
  private static SelfEndpoint endpoint;

  @BeforeAll
  static void starts() {
    world = new TestEndpoints(DATABASE.database());
    world.publish(POLICY);
    endpoint =
        new SelfEndpoint(
            world.callers,
            world.snapshots,
            new Authorities(),
            world.database,
            TestEndpoints.DOMAIN,
            Clock.systemUTC());
  }

  private static JsonNode self(UUID id) {
    return json(endpoint.self(get(Map.of()), agent(id)));
  }

  @Test
  void an_agent_sees_who_it_is_what_it_may_ask_for_and_what_it_holds() {
    Instant now = world.writs.now();
    UUID parent = world.writs.agent();
    UUID id = world.writs.agent(parent);
    world.writs.writ(id, "internal", "live", now.minusSeconds(300), now);
    world.writs.writ(id, "internal", "ended", now, now.plusSeconds(300));
    UUID live = world.writs.writ(id);
    JsonNode self = self(id);
    assertEquals(id.toString(), self.path("id").asText());
    assertEquals("spiffe://writ.local/agent/" + id, self.path("spiffe_id").asText());
    assertEquals(json("[\"" + parent + "\"]"), self.path("lineage"));
    assertEquals("group:ops", self.path("owner").asText());
    assertEquals("user:ada", self.path("accountable").asText());
    assertEquals("operator@7", self.path("policy").asText());
    assertEquals(
        json(
            "[{\"type\":\"internal\",\"audience\":\"https://deploy.internal\",\"scopes\":[\"deploy:read\",\"deploy:staging\"]}]"),
        self.path("may_ask"));
    assertEquals(1, self.path("writs").size());
    assertEquals(live.toString(), self.path("writs").path(0).path("writ").asText());
  }

  @Test
  void what_a_narrowed_ancestor_may_not_have_cannot_be_asked_for() {
    UUID parent = world.writs.agent();
    world.writs.set(
        parent,
        "narrow = '[{\"type\":\"internal\",\"audience\":\"https://deploy.internal\",\"scopes\":[\"deploy:read\"]}]'");
    JsonNode mayAsk = self(world.writs.agent(parent)).path("may_ask");
    assertEquals(json("[\"deploy:read\"]"), mayAsk.path(0).path("scopes"));
  }

  @Test
  void without_its_policy_an_agent_may_ask_for_nothing_and_is_told_why() {
    UUID id = world.writs.agent();
    world.writs.set(id, "policy = 'gone'");
    JsonNode self = self(id);
    assertEquals(json("[]"), self.path("may_ask"));
    assertEquals("gone", self.path("policy").asText());
    assertEquals("the policy gone was withdrawn", self.path("denial").path("hint").asText());
  }

  @Test
  void who_is_no_agent_has_no_self_here() {
    assertEquals(404, endpoint.self(get(Map.of()), ADMIN).status());
  }
}
