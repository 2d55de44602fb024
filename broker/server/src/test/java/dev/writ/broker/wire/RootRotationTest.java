package dev.writ.broker.wire;

import static dev.writ.broker.wire.Deployer.READ;
import static dev.writ.fixtures.time.Waiting.eventually;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.writ.broker.keys.KeyProviders;
import dev.writ.broker.keys.KeyRef;
import dev.writ.broker.keys.Signer;
import dev.writ.broker.rotation.Custody;
import dev.writ.fixtures.agent.AgentClient;
import dev.writ.fixtures.agent.Launch;
import dev.writ.fixtures.agent.Launcher;
import dev.writ.fixtures.agent.OperatedKeys;
import dev.writ.fixtures.agent.Via;
import dev.writ.fixtures.http.Http;
import dev.writ.fixtures.http.Reply;
import dev.writ.fixtures.keys.Pem;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Roots, intermediates, the envelope and the operator token follow each other on two nodes. */
@SuppressWarnings("NullAway.Init") // before the first test
class RootRotationTest {
  @RegisterExtension
  static final TestBroker BROKER = Deployer.broker().variable("WRIT_KEYS_PUBLISH_AHEAD", "2s");

  private static final OperatedKeys KEYS = new OperatedKeys(BROKER::operator);
  private static URI second;

  @BeforeAll
  static void secondNode() throws IOException {
    second = BROKER.secondNode();
  }

  @Test
  void whoever_trusts_the_old_root_only_notices_nothing_of_a_new_one() throws Exception {
    String oldBundle = BROKER.bundle();
    AgentClient old = BROKER.agent("deployer");
    assertEquals(1, Pem.certificates(oldBundle).size());

    Reply ordered = KEYS.rotate("root").expect(202);
    assertEquals(2, Pem.certificates(BROKER.bundle()).size(), "published before it is used");
    assertEquals(issuer(oldBundle), serverRoot(BROKER.url(), oldBundle));
    eventually("the new root is used", () -> KEYS.current("root").equals(ordered.text("version")));

    List<X509Certificate> now = Pem.certificates(BROKER.bundle());
    assertEquals(2, now.size());
    for (URI node : List.of(BROKER.url(), second)) {
      eventually("it is shown", () -> !serverRoot(node, BROKER.bundle()).equals(issuer(oldBundle)));
      try (Http trustingTheOld = Http.trusting(oldBundle)) {
        trustingTheOld.get(node.resolve("/jwks")).expect(200);
      }
    }
    // An SVID under the old root is good to its end, at each node.
    exchange(old);
    try (AgentClient there = old.copyAt(second)) {
      exchange(there);
    }
    AgentClient fresh = BROKER.agent("deployer");
    exchange(fresh);
    try (AgentClient there = fresh.copyAt(second)) {
      exchange(there);
    }
    assertEquals(3, fresh.svids().x509().size(), "the voucher goes along");
    old.renew(Via.MTLS).expect(200);
    exchange(old);
    assertEquals("scheduled", KEYS.retire("root").expect(202).text("result"));
  }

  @Test
  void nothing_under_a_compromised_root_is_trusted_and_agents_come_back_by_their_tokens()
      throws Exception {
    AgentClient agent = BROKER.agent("deployer");
    exchange(agent);
    String before = KEYS.current("root");
    String oldBundle = BROKER.bundle();

    Reply done = KEYS.compromise("root").expect(200);

    assertEquals(before, done.text("distrusted"));
    assertNotEquals(before, KEYS.current("root"));
    assertFalse(Pem.certificates(BROKER.bundle()).contains(Pem.certificates(oldBundle).getFirst()));
    eventually(
        "the old root is not trusted",
        () -> {
          try (AgentClient again = agent.copy()) {
            return again.exchange(Via.MTLS, READ).status() == 401;
          } catch (RuntimeException notTrusted) {
            return true;
          }
        });
    try (Launcher operator = BROKER.operator();
        AgentClient launched = operator.bringUp(Launch.of("deployer").owner("user:ada"))) {
      exchange(launched);
    }
  }

  @Test
  void a_node_makes_itself_another_intermediate_and_old_certificates_stay_good() throws Exception {
    AgentClient agent = BROKER.agent("deployer");
    String slot = KEYS.intermediates().getFirst();
    assertEquals(2, KEYS.intermediates().size());
    String before = KEYS.current(slot);

    KEYS.rotate(slot).expect(200);

    eventually("it is used", () -> !KEYS.current(slot).equals(before));
    exchange(agent);
    exchange(BROKER.agent("deployer"));
  }

  @Test
  void everything_is_sealed_anew_under_a_new_envelope_and_both_nodes_go_on() throws Exception {
    AgentClient agent = BROKER.agent("deployer");
    Reply done = KEYS.rotate("envelope").expect(200);
    assertTrue(done.json().path("sealed_anew").asInt() >= 4, done::toString);

    KEYS.retire("envelope").expect(409); // another node might not know yet
    eventually(
        "all nodes know", Duration.ofSeconds(20), () -> KEYS.retire("envelope").status() == 200);
    KEYS.rotateNow("token").expect(200);
    exchange(agent);
    try (AgentClient there = agent.copyAt(second)) {
      exchange(there);
    }
  }

  @Test
  void an_operator_token_that_leaked_opens_nothing_any_more() {
    String leaked = BROKER.operatorHeader().substring("Bearer ".length());

    KEYS.compromise("operator-token").expect(200);

    try (Launcher thief = Launcher.at(BROKER.url(), BROKER.bundle(), leaked)) {
      assertEquals(401, thief.get("/v1/keys", Map.of()).status());
    }
    String before = BROKER.operatorHeader().substring("Bearer ".length());
    KEYS.rotate("operator-token").expect(200);
    try (Launcher late = Launcher.at(BROKER.url(), BROKER.bundle(), before)) {
      late.get("/v1/keys", Map.of()).expect(200);
      KEYS.retire("operator-token").expect(200);
      assertEquals(401, late.get("/v1/keys", Map.of()).status());
    }
  }

  @Test
  void the_checkpoint_key_is_in_custody_and_follows_another() throws Exception {
    String before = KEYS.current("checkpoint");
    KEYS.rotateNow("checkpoint").expect(200);
    assertNotEquals(before, KEYS.current("checkpoint"));

    Custody custody = custody("checkpoint");
    Signer used = custody.find("checkpoint", KEYS.current("checkpoint")).orElseThrow();
    byte[] checkpoint = "writ.test\n17\n".getBytes(StandardCharsets.US_ASCII);
    Signature signature = Signature.getInstance(used.algorithm().jcaName());
    signature.initVerify(used.publicKey());
    signature.update(checkpoint);
    assertTrue(signature.verify(used.sign(checkpoint)));
    assertNotEquals(before, used.id());
  }

  /** As a node finds them that has the same files. */
  private static Custody custody(String slot) {
    KeyRef place = KeyRef.parse("file:" + BROKER.keys().resolve(slot + ".pem"), Path.of("/"));
    return new Custody(KeyProviders.load(), Map.of(slot, List.of(place)), Clock.systemUTC());
  }

  @Test
  void a_node_with_another_root_or_envelope_does_not_start_and_says_what_to_do(@TempDir Path folder)
      throws IOException {
    Path keys = Files.createDirectories(folder.resolve("keys"));
    String envelope = "envelope: \"file:" + BROKER.keys().resolve("envelope.key") + "\"";
    KeyProviders.load().signer(KeyRef.defaultFile(keys.resolve("root.pem")));
    KeyProviders.load().sealer(KeyRef.defaultFile(keys.resolve("envelope.key")));

    String root =
        refusal("keys: { root: \"file:" + keys.resolve("root.pem") + "\", " + envelope + " }\n");
    assertTrue(root.contains("Have keys.root name the same place on every node"), root);
    assertTrue(root.contains(KEYS.current("root")), root);

    String other =
        refusal(
            "keys: { root: \"file:%s\", envelope: \"file:%s\" }\n"
                .formatted(BROKER.keys().resolve("root.pem"), keys.resolve("envelope.key")));
    assertTrue(other.contains("envelope key (keys.envelope)"), other);
    assertTrue(other.contains("copy its keys"), other);
  }

  private static String refusal(String keys) {
    RuntimeException refused = assertThrows(RuntimeException.class, () -> BROKER.anotherNode(keys));
    return String.valueOf(refused.getMessage());
  }

  private static String issuer(String bundle) {
    return Pem.certificates(bundle).getFirst().getSubjectX500Principal().getName();
  }

  /** Which root a node's server certificate is under: the issuer of its intermediate. */
  private static String serverRoot(URI node, String bundle) {
    List<X509Certificate> chain = Chains.of(node, bundle);
    return chain.get(1).getIssuerX500Principal().getName();
  }

  private static void exchange(AgentClient agent) {
    agent.exchange(Via.MTLS, READ).expect(200);
  }
}
