package dev.writ.broker.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.writ.fixtures.agent.AgentClient;
import dev.writ.fixtures.agent.Ask;
import dev.writ.fixtures.agent.Launch;
import dev.writ.fixtures.agent.Via;
import dev.writ.fixtures.http.Reply;
import dev.writ.fixtures.keys.AgentKey;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Keys and SVIDs in the wrong hands, on two nodes: what one knows, the other obeys at once. */
class KeyTheftTest {
  private static final Ask READ = Ask.internal("https://deploy.internal", "deploy:read");
  private static final List<Via> WAYS = List.of(Via.MTLS, Via.DPOP, Via.BOTH);

  @RegisterExtension
  static final TestBroker BROKER =
      TestBroker.withPolicy(
          "deployer",
          """
          lifetime: { agent: 12h, credential: 1h }
          launch: [ "operator", "agent" ]
          delegation: { depth: 1, policies: [ deployer ] }
          grants:
            - internal: { audience: "https://deploy.internal", scopes: [ "deploy:read" ] }
          """);

  @SuppressWarnings("NullAway.Init")
  private static URI second;

  @BeforeAll
  static void startSecondNode() throws IOException {
    second = BROKER.secondNode();
  }

  private static List<AgentClient> onBothNodes(AgentClient agent) {
    return List.of(agent.copyAt(BROKER.url()), agent.copyAt(second));
  }

  /** Neither a credential, nor a new SVID, nor a child, nor a word about itself. */
  private static void useless(AgentClient thief, Ask ask) {
    for (Via via : WAYS) {
      Reply reply = BROKER.mintsNothing(() -> thief.exchange(via, ask));
      assertTrue(List.of(400, 401).contains(reply.status()), reply::toString);
    }
  }

  private static void refusedAtTheOtherEndpoints(AgentClient thief, Via via) {
    BROKER.mintsNothing(() -> thief.renew(via)).expect(401);
    BROKER.mintsNothing(() -> thief.launch(via, Launch.of("deployer"))).expect(401);
    thief.self(via).expect(401);
  }

  @Test
  void an_svid_voided_by_enrolling_again_is_refused_where_it_was_cached() {
    AgentClient agent = BROKER.agent("deployer");
    List<AgentClient> copies = onBothNodes(agent);
    for (AgentClient copy : copies) {
      WAYS.forEach(via -> copy.exchange(via, READ).expect(200));
    }

    String token = BROKER.operator().enrolment(agent.id()).expect(201).text("enrolment_token");

    for (AgentClient copy : copies.reversed()) {
      useless(copy, READ);
      refusedAtTheOtherEndpoints(copy, Via.MTLS);
      refusedAtTheOtherEndpoints(copy, Via.DPOP);
    }

    AgentClient fresh = BROKER.newAgent();
    fresh.enrol(token).expect(200);
    for (AgentClient copy : copies.reversed()) {
      useless(copy, READ);
    }
    for (AgentClient good : onBothNodes(fresh)) {
      WAYS.forEach(via -> good.exchange(via, READ).expect(200));
    }
  }

  @Test
  void a_copied_key_that_renews_after_its_owner_did_is_refused_on_every_node_and_alarms() {
    AgentClient agent = BROKER.agent("deployer");
    List<AgentClient> thieves = onBothNodes(agent);
    agent.renew(Via.MTLS, AgentKey.generate()).expect(200);

    for (AgentClient thief : thieves) {
      for (Via via : List.of(Via.MTLS, Via.DPOP)) {
        BROKER.mintsNothing(() -> thief.renew(via)).expect(401);
      }
      BROKER.mintsNothing(() -> thief.renew(Via.MTLS, AgentKey.generate())).expect(401);
    }

    assertEquals(1, BROKER.records().rows("alarm", agent.id()), "one row a minute says it");
    assertEquals("user:ada", BROKER.records().row("alarm", agent.id()).path("owner").asText());
    assertTrue(BROKER.records().row("alarm", agent.id()).path("what").asText().contains("copied"));
    agent.exchange(Via.MTLS, READ).expect(200);
    agent.copyAt(second).renew(Via.DPOP).expect(200);
  }

  @Test
  void once_the_owner_renewed_twice_the_copied_key_is_good_for_nothing() {
    AgentClient agent = BROKER.agent("deployer");
    List<AgentClient> thieves = onBothNodes(agent);
    thieves.forEach(thief -> WAYS.forEach(via -> thief.exchange(via, READ).expect(200)));

    agent.renew(Via.MTLS, AgentKey.generate()).expect(200);
    agent.renew(Via.MTLS, AgentKey.generate()).expect(200);

    for (AgentClient thief : thieves.reversed()) {
      useless(thief, READ);
      refusedAtTheOtherEndpoints(thief, Via.DPOP);
    }
  }

  @Test
  void a_forged_svid_is_refused_while_the_key_is_trusted_unless_the_agents_own_key_is_shown() {
    AgentClient agent = BROKER.agent("deployer");
    AgentClient thief = BROKER.agent("deployer");
    Ask forged = READ.with("subject_token", StolenKey.from(BROKER).svid(agent, thief.key()));

    for (AgentClient one : onBothNodes(thief)) {
      for (Via via : WAYS) {
        Reply reply = BROKER.mintsNothing(() -> one.exchange(via, forged)).expect(400);
        assertEquals("subject_token", reply.text("reason"), reply::toString);
      }
    }
  }

  @Test
  void what_a_distrusted_key_signed_is_refused_at_once_on_every_node() throws IOException {
    AgentClient agent = BROKER.agent("deployer");
    StolenKey stolen = StolenKey.from(BROKER);
    Ask forged = READ.with("subject_token", stolen.svid(agent, agent.key()));
    List<AgentClient> copies = onBothNodes(agent);
    for (AgentClient copy : copies) {
      WAYS.forEach(via -> copy.exchange(via, READ).expect(200));
      copy.exchange(Via.MTLS, forged).expect(200);
      copy.self(Via.DPOP).expect(200);
    }

    stolen.distrust();

    Ask forgedSince = READ.with("subject_token", stolen.svid(agent, agent.key()));
    for (AgentClient copy : copies.reversed()) {
      refusedAtTheOtherEndpoints(copy, Via.DPOP);
      for (Ask ask : List.of(READ, forged, forgedSince)) {
        useless(copy, ask);
      }
    }
    agent.renew(Via.MTLS).expect(200);
    for (AgentClient good : onBothNodes(agent)) {
      WAYS.forEach(via -> good.exchange(via, READ).expect(200));
      good.self(Via.DPOP).expect(200);
      useless(good, forged);
    }
    for (URI node : List.of(BROKER.url(), second)) {
      Reply keys = BROKER.anybody().get(URI.create(node + "/jwks")).expect(200);
      assertFalse(keys.body().contains(stolen.kid()), "the distrusted key is published still");
    }
    assertNotEquals(stolen.kid(), StolenKey.from(BROKER).kid());
  }

  @Test
  void a_certificate_of_a_distrusted_intermediate_is_refused_at_once_on_every_node()
      throws IOException {
    AgentClient other = BROKER.agent("deployer").copyAt(second);
    other.renew(Via.DPOP).expect(200);
    List<AgentClient> copies = onBothNodes(other);
    copies.forEach(copy -> copy.exchange(Via.MTLS, READ).expect(200));

    StolenKey.distrustIssuerOf(BROKER, other);

    for (AgentClient copy : copies) {
      refusedAtTheOtherEndpoints(copy, Via.MTLS);
      BROKER.mintsNothing(() -> copy.exchange(Via.MTLS, READ)).expect(401);
    }
    AgentClient here = copies.getFirst();
    here.renew(Via.DPOP).expect(200);
    onBothNodes(here).forEach(good -> good.exchange(Via.MTLS, READ).expect(200));
  }
}
