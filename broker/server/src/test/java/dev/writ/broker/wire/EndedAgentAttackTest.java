package dev.writ.broker.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.writ.fixtures.agent.AgentClient;
import dev.writ.fixtures.agent.Launch;
import dev.writ.fixtures.agent.Via;
import dev.writ.fixtures.http.Reply;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * What was ended a moment ago is refused by the very next request, at the node that did not hear of
 * it as well, although that node used it just before.
 */
class EndedAgentAttackTest {
  private static final String SPARE =
      """
      lifetime: { agent: 12h, credential: 1h }
      launch: [ "operator" ]
      owners: [ "user:grace" ]
      grants:
        - internal: { audience: "https://deploy.internal", scopes: [ "deploy:read" ] }
      """;

  @RegisterExtension static final TestBroker BROKER = Policies.broker().policy("spare", SPARE);

  private static URI second;

  @BeforeAll
  static void join() throws IOException {
    second = BROKER.secondNode();
  }

  /** At both nodes, by both proofs, after both nodes have seen it. */
  private static void refusedFromNowOn(AgentClient agent, Runnable end) {
    AgentClient elsewhere = agent.copyAt(second);
    agent.exchange(Via.MTLS, Policies.READ).expect(200);
    elsewhere.exchange(Via.MTLS, Policies.READ).expect(200);
    elsewhere.exchange(Via.DPOP, Policies.READ).expect(200);

    end.run();

    for (AgentClient at : List.of(elsewhere, agent)) {
      for (Via via : List.of(Via.MTLS, Via.DPOP, Via.BOTH)) {
        Reply reply = Refused.by(BROKER, () -> at.exchange(via, Policies.READ));
        assertTrue(List.of(400, 401).contains(reply.status()), reply::toString);
      }
    }
    elsewhere.close();
  }

  @Test
  void a_killed_agent() {
    AgentClient agent = BROKER.agent("deployer");
    refusedFromNowOn(agent, () -> BROKER.operator().kill(agent.id()).expect(200));
    assertEquals(
        "agent_killed", agent.exchange(Via.MTLS, Policies.READ).expect(400).text("reason"));
  }

  @Test
  void an_agent_whose_parent_was_killed() {
    AgentClient parent = BROKER.agent("deployer");
    AgentClient child = BROKER.child(parent, Via.MTLS, Launch.of("deployer"));
    refusedFromNowOn(child, () -> BROKER.operator().kill(parent.id()).expect(200));
  }

  @Test
  void an_agent_that_enrolled_again_elsewhere() {
    AgentClient agent = BROKER.agent("deployer");
    refusedFromNowOn(agent, () -> BROKER.operator().enrolment(agent.id()).expect(201));
  }

  @Test
  void an_agent_whose_policy_was_narrowed() {
    AgentClient agent = BROKER.agent(Launch.of("spare").owner("user:grace"));
    String narrowed = SPARE.replace("deploy:read", "deploy:nothing");
    refusedFromNowOn(agent, () -> BROKER.apply(BROKER.operator(), "spare", narrowed));
    Reply denied = agent.exchange(Via.MTLS, Policies.READ).expect(400);
    assertEquals("invalid_scope", denied.error());
    assertEquals("spare@2", denied.json().path("denial").path("policy").asText());
  }

  @Test
  void an_agent_whose_policy_was_withdrawn() {
    BROKER.apply(BROKER.operator(), "brief", SPARE);
    AgentClient agent = BROKER.agent(Launch.of("brief").owner("user:grace"));
    refusedFromNowOn(agent, () -> BROKER.withdraw(BROKER.operator(), "brief"));
  }

  @Test
  void an_agent_whose_owner_is_gone() {
    AgentClient agent = BROKER.agent(Launch.of("deployer").owner("user:mallory"));
    refusedFromNowOn(agent, () -> owners("ada, grace"));
    Reply denied = agent.exchange(Via.MTLS, Policies.READ).expect(400);
    assertEquals("owner", denied.json().path("denial").path("rule").asText());
    owners("ada, grace, mallory");
    agent.exchange(Via.MTLS, Policies.READ).expect(200);
  }

  private static void owners(String users) {
    String names = "\"" + users.replace(", ", "\",\"") + "\"";
    BROKER
        .operator()
        .send(
            "POST",
            "/v1/owners/apply",
            Map.of(),
            "{\"comment\":\"test\",\"owners\":{\"users\":[" + names + "]}}")
        .expect(200);
  }
}
