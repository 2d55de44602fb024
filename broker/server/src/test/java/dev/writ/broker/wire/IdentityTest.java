package dev.writ.broker.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.writ.fixtures.agent.AgentClient;
import dev.writ.fixtures.agent.Ask;
import dev.writ.fixtures.agent.Dpop;
import dev.writ.fixtures.agent.Launch;
import dev.writ.fixtures.agent.Via;
import dev.writ.fixtures.http.Reply;
import dev.writ.fixtures.keys.AgentKey;
import dev.writ.fixtures.keys.Csr;
import java.io.IOException;
import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class IdentityTest {
  private static final Ask READ = Ask.internal("https://deploy.internal", "deploy:read");

  @RegisterExtension
  static final TestBroker BROKER =
      TestBroker.withPolicy(
          "deployer",
          """
          lifetime: { agent: 12h, credential: 1h }
          launch: [ "operator" ]
          grants:
            - internal: { audience: "https://deploy.internal", scopes: [ "deploy:read" ] }
          """);

  private static Reply launch() {
    return BROKER.operator().launch(Launch.of("deployer").owner("user:ada")).expect(201);
  }

  @Test
  void an_enrolment_token_used_again_with_another_key_is_refused_and_alarms_the_owner() {
    Reply launched = launch();
    BROKER.newAgent().enrol(launched.text("enrolment_token")).expect(200);

    BROKER
        .mintsNothing(() -> BROKER.newAgent().enrol(launched.text("enrolment_token")))
        .expect(401);

    assertEquals(1, BROKER.records().rows("alarm", launched.text("id")));
  }

  @Test
  void of_fifty_keys_that_use_one_enrolment_token_at_once_one_is_enrolled() throws Exception {
    Reply launched = launch();
    List<Callable<Integer>> thieves = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      AgentClient thief = BROKER.newAgent();
      thieves.add(() -> insistently(thief, launched.text("enrolment_token")));
    }

    List<Integer> statuses = new ArrayList<>();
    try (var threads = Executors.newFixedThreadPool(50)) {
      for (Future<Integer> one : threads.invokeAll(thieves)) {
        statuses.add(one.get());
      }
    }

    assertEquals(1, statuses.stream().filter(status -> status == 200).count(), statuses::toString);
    assertEquals(49, statuses.stream().filter(status -> status == 401).count());
    assertEquals(1, BROKER.records().rows("enrol", launched.text("id")));
  }

  /** Fifty at once may be too many for a busy machine: 503 says to come again. */
  private static int insistently(AgentClient thief, String token) throws InterruptedException {
    int status = thief.enrol(token).status();
    for (int i = 0; i < 20 && status == 503; i++) {
      Thread.sleep(100);
      status = thief.enrol(token).status();
    }
    return status;
  }

  @Test
  void a_retry_with_the_same_key_is_answered() {
    Reply launched = launch();
    AgentClient agent = BROKER.newAgent();
    agent.enrol(launched.text("enrolment_token")).expect(200);

    agent.enrol(launched.text("enrolment_token")).expect(200);

    agent.exchange(Via.MTLS, READ).expect(200);
    assertEquals(0, BROKER.records().rows("alarm", launched.text("id")));
  }

  @Test
  void a_bad_certificate_request_does_not_use_the_enrolment_token_up() {
    String token = launch().text("enrolment_token");
    AgentClient agent = BROKER.newAgent();
    String notProven =
        Csr.of(agent.key().pair()).signedBy(AgentKey.generate().pair().getPrivate()).pem();
    String wrongCurve = Csr.of(AgentKey.pair("EC", "secp384r1")).pem();

    for (String bad : List.of(notProven, wrongCurve, "nonsense")) {
      BROKER.mintsNothing(() -> agent.enrol(token, bad)).expect(400);
    }

    agent.enrol(token).expect(200);
  }

  @Test
  void names_in_a_certificate_request_are_ignored() {
    AgentClient victim = BROKER.agent("deployer");
    AgentClient agent = BROKER.newAgent();
    String csr = Csr.of(agent.key().pair()).uri(victim.svids().spiffeId()).dns("localhost").pem();
    Reply launched = launch();

    agent.enrol(launched.text("enrolment_token"), csr).expect(200);

    assertEquals(launched.text("spiffe_id"), agent.svids().spiffeId());
  }

  @Test
  void another_agents_key_is_a_conflict() {
    AgentClient first = BROKER.agent("deployer");
    String token = launch().text("enrolment_token");

    BROKER.mintsNothing(() -> BROKER.newAgent().enrol(token, first.key().csr())).expect(409);

    BROKER.newAgent().enrol(token).expect(200);
  }

  @Test
  void an_unknown_or_missing_enrolment_token_is_refused() {
    AgentClient agent = BROKER.newAgent();
    BROKER.mintsNothing(() -> agent.enrol("writ_enrol_nonsense")).expect(401);
    BROKER.mintsNothing(() -> agent.enrol("")).expect(401);
  }

  @Test
  void only_the_newest_key_renews_and_the_one_before_still_exchanges() {
    AgentClient agent = BROKER.agent("deployer");
    AgentClient copied = agent.copy();
    agent.renew(Via.MTLS, AgentKey.generate()).expect(200);

    copied.exchange(Via.MTLS, READ).expect(200);
    BROKER.mintsNothing(() -> copied.renew(Via.MTLS, AgentKey.generate())).expect(401);

    assertEquals(1, BROKER.records().rows("alarm", agent.id()));
    agent.exchange(Via.MTLS, READ).expect(200);
    agent.renew(Via.DPOP).expect(200);
    agent.renew(Via.MTLS, AgentKey.generate()).expect(200);
  }

  @Test
  void with_dpop_only_the_proofs_own_key_is_renewed() {
    AgentClient agent = BROKER.agent("deployer");

    BROKER.mintsNothing(() -> agent.renew(Via.DPOP, AgentKey.generate())).expect(400);
  }

  @Test
  void enrolling_again_voids_every_earlier_svid_at_once_on_every_node() throws IOException {
    URI second = BROKER.secondNode();
    AgentClient agent = BROKER.agent("deployer");
    AgentClient elsewhere = agent.copyAt(second);
    elsewhere.exchange(Via.MTLS, READ).expect(200);

    Reply again = BROKER.operator().enrolment(agent.id()).expect(201);

    for (AgentClient old : List.of(agent, elsewhere)) {
      for (Via via : List.of(Via.MTLS, Via.DPOP)) {
        int status = BROKER.mintsNothing(() -> old.exchange(via, READ)).status();
        assertTrue(status == 400 || status == 401, "status " + status);
      }
      BROKER.mintsNothing(() -> old.renew(Via.MTLS)).expect(401);
    }
    AgentClient fresh = BROKER.newAgent();
    fresh.enrol(again.text("enrolment_token")).expect(200);
    assertEquals(agent.id(), fresh.id());
    fresh.copyAt(second).exchange(Via.MTLS, READ).expect(200);
    elsewhere.close();
  }

  @Test
  void a_token_with_another_agents_certificate_is_nobodys() {
    AgentClient agent = BROKER.agent("deployer");
    AgentClient thief = BROKER.agent("deployer");
    Ask stolen = READ.with("subject_token", agent.svids().jwt());

    for (Via via : List.of(Via.MTLS, Via.DPOP, Via.BOTH)) {
      Reply reply = BROKER.mintsNothing(() -> thief.exchange(via, stolen)).expect(400);
      assertEquals("invalid_request", reply.error());
      assertEquals("subject_token", reply.text("reason"));
    }
  }

  @Test
  void without_any_proof_the_client_is_invalid() {
    AgentClient agent = BROKER.agent("deployer");

    Reply reply = BROKER.mintsNothing(() -> agent.exchange(Via.NOTHING, READ)).expect(401);

    assertEquals("invalid_client", reply.error());
  }

  @Test
  void a_dpop_proof_is_good_once_on_whatever_endpoint_and_node() {
    AgentClient agent = BROKER.agent("deployer");
    Map<String, String> proof = Map.of("DPoP", agent.proof("POST", "/token").sign());
    agent.exchange(Via.NOTHING, READ, proof).expect(200);

    Reply replayed = BROKER.mintsNothing(() -> agent.exchange(Via.NOTHING, READ, proof));

    assertEquals("invalid_dpop_proof", replayed.expect(400).error());
  }

  @Test
  void a_dpop_proof_for_something_else_or_another_time_is_refused() {
    AgentClient agent = BROKER.agent("deployer");
    List<Dpop> wrong =
        List.of(
            agent.proof("GET", "/token"),
            agent.proof("POST", "/v1/svid"),
            agent.proof("POST", "/token").htu("https://elsewhere.example/token"),
            agent.proof("POST", "/token").iat(Instant.now().minusSeconds(70)),
            agent.proof("POST", "/token").iat(Instant.now().plusSeconds(30)),
            agent.proof("POST", "/token").withoutClaim("jti"),
            agent.proof("POST", "/token").header("typ", "JWT"),
            agent.proof("POST", "/token").signedBy(AgentKey.generate().pair().getPrivate()));
    for (Dpop proof : wrong) {
      Reply reply =
          BROKER.mintsNothing(
              () -> agent.exchange(Via.NOTHING, READ, Map.of("DPoP", proof.sign())));
      assertEquals("invalid_dpop_proof", reply.expect(400).error(), proof::claimsJson);
    }
  }

  @Test
  void a_killed_agent_is_told_by_whom_and_why() {
    AgentClient agent = BROKER.agent("deployer");
    agent.exchange(Via.MTLS, READ).expect(200);

    BROKER.operator().kill(agent.id(), "went astray", false).expect(200);

    for (Via via : List.of(Via.MTLS, Via.DPOP)) {
      Reply reply = BROKER.mintsNothing(() -> agent.exchange(via, READ)).expect(400);
      assertEquals("agent_killed", reply.text("reason"));
      assertTrue(reply.body().contains("operator"), reply::toString);
      assertTrue(reply.body().contains("went astray"), reply::toString);
    }
    BROKER.mintsNothing(() -> agent.renew(Via.MTLS)).expect(401);
    agent.self(Via.MTLS).expect(401);
  }
}
