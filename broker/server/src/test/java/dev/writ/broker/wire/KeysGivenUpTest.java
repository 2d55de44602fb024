package dev.writ.broker.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.writ.fixtures.agent.AgentClient;
import dev.writ.fixtures.agent.Ask;
import dev.writ.fixtures.agent.Via;
import dev.writ.fixtures.http.Reply;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a thief of a key loses when it is given up, on two nodes. */
@SuppressWarnings("NullAway.Init") // before the first test
class KeysGivenUpTest {
  private static final Ask READ = Ask.internal("https://deploy.internal", "deploy:read");

  /** Nodes look every second. */
  private static final Duration HEARD_BY_ALL = Duration.ofMillis(1_500);

  @RegisterExtension
  static final TestBroker BROKER =
      TestBroker.withPolicy(
          "deployer",
          """
          lifetime: { agent: 1h, credential: 15m }
          launch: [ operator ]
          grants: [ { internal: { audience: "https://deploy.internal", scopes: [ "deploy:read" ] } } ]
          """);

  private static List<URI> nodes;

  @BeforeAll
  static void secondNode() throws IOException {
    nodes = List.of(BROKER.url(), BROKER.secondNode());
  }

  @Test
  void sts_is_shown_no_key_that_was_given_up() throws Exception {
    String stolen = version("sts", "current");
    String heir = version("sts", "next");
    assertTrue(published("/sts/jwks", stolen));

    giveUp("sts");
    Thread.sleep(HEARD_BY_ALL);

    assertEquals(heir, version("sts", "current"));
    assertFalse(published("/sts/jwks", stolen));
    assertTrue(published("/sts/jwks", heir));
  }

  @Test
  void what_an_envelope_sealed_is_given_up_with_it() throws Exception {
    AgentClient agent = BROKER.agent("deployer");
    agent.exchange(Via.MTLS, READ).expect(200);
    List<String> sealed =
        List.of(
            version("token", "current"),
            version("token", "next"),
            version("sts", "current"),
            version("sts", "next"));

    Reply done = giveUp("envelope");
    Thread.sleep(HEARD_BY_ALL);

    assertEquals(4, done.json().path("token_keys_distrusted").asInt());
    for (String key : sealed) {
      assertFalse(published("/jwks", key));
      assertFalse(published("/sts/jwks", key));
    }
    Reply refused = BROKER.mintsNothing(() -> agent.exchange(Via.MTLS, READ));
    assertEquals("subject_token", refused.expect(400).text("reason"));
    agent.renew(Via.MTLS).expect(200);
    agent.exchange(Via.MTLS, READ).expect(200);
  }

  @Test
  void certificates_of_an_intermediate_that_was_given_up_prove_nothing_on_any_node() {
    AgentClient agent = BROKER.agent("deployer");
    agent.exchange(Via.MTLS, READ).expect(200);

    intermediates().forEach(KeysGivenUpTest::giveUp);

    for (URI node : nodes) {
      try (AgentClient copy = agent.copyAt(node)) {
        BROKER.mintsNothing(() -> copy.exchange(Via.MTLS, READ)).expect(401);
      }
    }
    agent.renew(Via.DPOP).expect(200);
    agent.exchange(Via.MTLS, READ).expect(200);
  }

  @Test
  void checkpoints_are_signed_by_another_key_than_the_one_that_was_given_up() {
    String stolen = version("checkpoint", "current");

    Reply done = giveUp("checkpoint");

    assertEquals(stolen, done.text("distrusted"));
    assertEquals(stolen, version("checkpoint", "distrusted"));
    assertNotEquals(stolen, version("checkpoint", "current"));
  }

  private static Reply giveUp(String key) {
    return BROKER
        .operator()
        .send("POST", "/v1/keys/" + key + "/compromise", Map.of(), "{\"reason\":\"a drill\"}")
        .expect(200);
  }

  private static List<String> intermediates() {
    return BROKER
        .operator()
        .get("/v1/keys", Map.of())
        .expect(200)
        .json()
        .path("keys")
        .findValuesAsText("id")
        .stream()
        .filter(id -> id.startsWith("intermediate:"))
        .toList();
  }

  /** Whether any node has it there. */
  private static boolean published(String path, String key) {
    return nodes.stream()
        .map(node -> BROKER.anybody().get(node.resolve(path)).expect(200).body())
        .anyMatch(keys -> keys.contains(key));
  }

  private static String version(String slot, String state) {
    JsonNode versions =
        BROKER.operator().get("/v1/keys/" + slot, Map.of()).expect(200).json().path("versions");
    for (JsonNode version : versions) {
      if (version.path("state").asText().equals(state)) {
        return version.path("id").asText();
      }
    }
    throw new AssertionError(slot + " has no key that is " + state);
  }
}
