package dev.writ.broker.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.writ.fixtures.agent.AgentClient;
import dev.writ.fixtures.agent.Ask;
import dev.writ.fixtures.agent.Dpop;
import dev.writ.fixtures.agent.Via;
import dev.writ.fixtures.http.Reply;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A proof is good once: on every endpoint and node, at once or after many others. */
class ReplayAttackTest {
  @RegisterExtension static final TestBroker BROKER = Policies.broker();

  private static AgentClient agent;
  private static AgentClient elsewhere;

  @BeforeAll
  static void enrol() throws IOException {
    agent = BROKER.agent("deployer");
    elsewhere = agent.copyAt(BROKER.secondNode());
  }

  private static Reply exchange(AgentClient at, String proof) {
    return at.exchange(Via.NOTHING, Policies.READ, Map.of("DPoP", proof));
  }

  private static Reply self(AgentClient at, String proof) {
    Map<String, String> headers =
        Map.of("Authorization", "DPoP " + agent.svids().jwt(), "DPoP", proof);
    return at.send(Via.NOTHING, "GET", "/v1/self", headers, "");
  }

  private static Dpop forSelf(String jti) {
    return agent.proof("GET", "/v1/self").ath(agent.svids().jwt()).jti(jti);
  }

  private static void replayed(AgentClient at, String proof) {
    Reply reply = Refused.by(BROKER, () -> exchange(at, proof));
    assertEquals("invalid_dpop_proof", reply.expect(400).error());
    assertTrue(reply.text("error_description").contains("used before"), reply::toString);
  }

  @Test
  void a_proof_used_at_one_node_is_used_at_the_other() {
    String proof = agent.proof("POST", "/token").sign();
    exchange(agent, proof).expect(200);
    replayed(elsewhere, proof);
    replayed(agent, proof);

    String other = agent.proof("POST", "/token").sign();
    exchange(elsewhere, other).expect(200);
    replayed(agent, other);
  }

  @Test
  void a_name_used_at_one_endpoint_is_used_at_all() {
    String first = UUID.randomUUID().toString();
    exchange(agent, agent.proof("POST", "/token").jti(first).sign()).expect(200);
    Refused.by(BROKER, () -> self(agent, forSelf(first).sign())).expect(401);
    Refused.by(BROKER, () -> self(elsewhere, forSelf(first).sign())).expect(401);

    String second = UUID.randomUUID().toString();
    self(agent, forSelf(second).sign()).expect(200);
    replayed(agent, agent.proof("POST", "/token").jti(second).sign());
    replayed(elsewhere, agent.proof("POST", "/token").jti(second).sign());
  }

  @Test
  void a_proof_that_a_refusal_was_recorded_with_is_used() {
    String proof = agent.proof("POST", "/token").sign();
    Reply denied =
        Refused.by(
            BROKER,
            () ->
                agent.exchange(
                    Via.NOTHING, Ask.audience("https://payroll.internal"), Map.of("DPoP", proof)));
    assertEquals("invalid_target", denied.expect(400).error());
    replayed(elsewhere, proof);
  }

  @Test
  void another_agent_cannot_use_up_a_name() {
    AgentClient other = BROKER.agent("deployer");
    String jti = UUID.randomUUID().toString();
    exchange(other, other.proof("POST", "/token").jti(jti).sign()).expect(200);

    exchange(agent, agent.proof("POST", "/token").jti(jti).sign()).expect(200);
  }

  @Test
  void a_proof_sent_forty_times_at_once_to_both_nodes_is_good_once() throws Exception {
    String proof = agent.proof("POST", "/token").sign();
    List<Callable<Integer>> senders = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      AgentClient at = i % 2 == 0 ? agent : elsewhere;
      senders.add(() -> exchange(at, proof).status());
    }
    List<Integer> statuses = new ArrayList<>();
    long before = BROKER.records().writs();
    try (ExecutorService threads = Executors.newFixedThreadPool(40)) {
      for (Future<Integer> one : threads.invokeAll(senders)) {
        statuses.add(one.get());
      }
    }

    assertEquals(1, statuses.stream().filter(status -> status == 200).count(), statuses::toString);
    assertEquals(39, statuses.stream().filter(status -> status == 400).count(), statuses::toString);
    assertEquals(before + 1, BROKER.records().writs());
  }

  private static void flood(int proofs) throws Exception {
    Instant began = Instant.now();
    String used = agent.proof("POST", "/token").sign();
    exchange(agent, used).expect(200);
    try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
      List<Callable<Integer>> all = new ArrayList<>();
      for (int i = 0; i < proofs; i++) {
        AgentClient at = i % 2 == 0 ? agent : elsewhere;
        all.add(() -> exchange(at, agent.proof("POST", "/token").sign()).status());
      }
      for (Future<Integer> one : threads.invokeAll(all)) {
        assertEquals(200, one.get());
      }
    }
    boolean inTime = Instant.now().isBefore(began.plusSeconds(55));
    Assumptions.assumeTrue(inTime, "a proof is refused by its date after 60 s");

    replayed(agent, used);
    replayed(elsewhere, used);
  }

  @Test
  void a_flood_of_other_proofs_does_not_make_a_used_one_good() throws Exception {
    flood(300);
  }

  @Test
  @Tag("long")
  void a_flood_of_ten_thousand_proofs_does_not_either() throws Exception {
    flood(10_000);
  }
}
