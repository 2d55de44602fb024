package dev.writ.broker.wire;

import static dev.writ.broker.wire.Deployer.READ;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.writ.fixtures.agent.AgentClient;
import dev.writ.fixtures.agent.OperatedKeys;
import dev.writ.fixtures.agent.Via;
import dev.writ.fixtures.http.Reply;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a thief of a key loses when it is given up, on two nodes. */
@SuppressWarnings("NullAway.Init") // before the first test
class KeysGivenUpTest {
  /** Nodes look every second. */
  private static final Duration HEARD_BY_ALL = Duration.ofMillis(1_500);

  @RegisterExtension static final TestBroker BROKER = Deployer.broker();

  private static final OperatedKeys KEYS = new OperatedKeys(BROKER::operator);
  private static List<URI> nodes;

  @BeforeAll
  static void secondNode() throws IOException {
    nodes = List.of(BROKER.url(), BROKER.secondNode());
  }

  @Test
  void sts_is_shown_no_key_that_was_given_up() throws Exception {
    String stolen = KEYS.current("sts");
    String heir = KEYS.version("sts", "next");
    assertTrue(published("/sts/jwks", stolen));

    KEYS.compromise("sts").expect(200);
    Thread.sleep(HEARD_BY_ALL);

    assertEquals(heir, KEYS.current("sts"));
    assertFalse(published("/sts/jwks", stolen));
    assertTrue(published("/sts/jwks", heir));
  }

  @Test
  void what_an_envelope_sealed_is_given_up_with_it() throws Exception {
    AgentClient agent = BROKER.agent("deployer");
    agent.exchange(Via.MTLS, READ).expect(200);
    List<String> sealed =
        List.of(
            KEYS.current("token"),
            KEYS.version("token", "next"),
            KEYS.current("sts"),
            KEYS.version("sts", "next"));

    Reply done = KEYS.compromise("envelope").expect(200);
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

    KEYS.intermediates().forEach(slot -> KEYS.compromise(slot).expect(200));

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
    String stolen = KEYS.current("checkpoint");

    Reply done = KEYS.compromise("checkpoint").expect(200);

    assertEquals(stolen, done.text("distrusted"));
    assertEquals(stolen, KEYS.version("checkpoint", "distrusted"));
    assertNotEquals(stolen, KEYS.current("checkpoint"));
  }

  /** Whether any node has it there. */
  private static boolean published(String path, String key) {
    return nodes.stream()
        .map(node -> BROKER.anybody().get(node.resolve(path)).expect(200).body())
        .anyMatch(keys -> keys.contains(key));
  }
}
