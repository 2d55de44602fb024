package dev.writ.broker.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.writ.fixtures.agent.AgentClient;
import dev.writ.fixtures.agent.Launch;
import dev.writ.fixtures.agent.Via;
import dev.writ.fixtures.http.Reply;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Launches by a parent. */
class SubAgentTest {
  @RegisterExtension static final TestBroker BROKER = Family.broker();

  private static Reply launch(AgentClient parent, String policy) {
    return parent.launch(Via.MTLS, Launch.of(policy));
  }

  private static void refused(AgentClient parent, String policy) {
    for (Via via : List.of(Via.MTLS, Via.DPOP)) {
      Reply reply = BROKER.mintsNothing(() -> parent.launch(via, Launch.of(policy)));
      Reply unknown = parent.launch(via, Launch.of("no-such-policy")).expect(404);
      assertEquals(unknown.json().path("type"), reply.expect(404).json().path("type"));
      assertEquals(unknown.text("detail").replace("no-such-policy", policy), reply.text("detail"));
    }
  }

  @Test
  void a_parent_launches_a_child_over_mtls_and_with_dpop() {
    AgentClient parent = BROKER.agent(Launch.of("lead").owner("user:ada").requestedBy("user:ada"));
    for (Via via : List.of(Via.MTLS, Via.DPOP)) {
      Reply launched =
          parent.launch(via, Launch.of("worker").requestedBy("user:grace")).expect(201);

      assertEquals("worker@1", launched.text("policy"));
      assertEquals("user:ada", launched.text("owner"));
      assertEquals("user:ada", launched.text("accountable"));
      assertEquals("agent:" + parent.id(), launched.text("launcher"));
      assertEquals(parent.id(), launched.text("parent"));
      assertEquals(1, launched.json().path("lineage").size());
      assertEquals("user:ada", launched.json().path("requested_by").path("person").asText());
      AgentClient child = BROKER.newAgent();
      child.enrol(launched.text("enrolment_token")).expect(200);
      assertEquals("deploy:read", child.exchange(via, Family.READ).expect(200).text("scope"));
    }
  }

  @Test
  void a_child_has_its_parents_owner_and_naming_one_is_malformed() {
    AgentClient parent = BROKER.agent("lead");
    for (String owner : List.of("user:ada", "user:grace", "group:platform")) {
      Reply reply =
          BROKER.mintsNothing(() -> parent.launch(Via.MTLS, Launch.of("worker").owner(owner)));
      assertTrue(reply.expect(400).text("detail").contains("parent's owner"), reply::toString);
    }
  }

  @Test
  void a_childs_policy_must_be_listed_by_its_parents_and_must_list_agents() {
    AgentClient parent = BROKER.agent("lead");

    refused(parent, "closed");
    refused(parent, "unlisted");
    refused(parent, "lead");
    launch(parent, "helper").expect(201);
  }

  @Test
  void an_agent_whose_policy_delegates_nothing_has_no_children() {
    refused(Family.Line.of(BROKER).grandchild(), "helper");
  }

  @Test
  void the_depth_is_the_least_that_any_ancestor_allows() {
    AgentClient root = BROKER.agent("lead");
    AgentClient child = BROKER.child(root, Via.MTLS, Launch.of("worker"));
    AgentClient grandchild = BROKER.child(child, Via.MTLS, Launch.of("worker"));
    refused(grandchild, "worker");

    AgentClient shallow = BROKER.agent("shallow");
    refused(BROKER.child(shallow, Via.MTLS, Launch.of("worker")), "worker");
  }

  @Test
  void a_child_never_outlives_its_parent() {
    AgentClient parent = BROKER.agent(Launch.of("lead").owner("user:ada").ttl("2h"));
    String end = BROKER.operator().agent(parent.id()).text("expires_at");

    for (Launch launch :
        List.of(
            Launch.of("worker"), Launch.of("worker").ttl("4h"), Launch.of("worker").ttl("3h"))) {
      assertEquals(end, parent.launch(Via.MTLS, launch).expect(201).text("expires_at"));
    }
    Instant shorter =
        Instant.parse(
            parent.launch(Via.MTLS, Launch.of("worker").ttl("1h")).expect(201).text("expires_at"));
    assertTrue(shorter.isBefore(Instant.parse(end)), shorter::toString);
    assertFalse(shorter.isAfter(Instant.now().plus(Duration.ofHours(1))), shorter::toString);
  }

  @Test
  void a_life_beyond_the_childs_own_policy_is_refused() {
    AgentClient parent = BROKER.agent("lead");

    Reply reply = BROKER.mintsNothing(() -> parent.launch(Via.MTLS, Launch.of("worker").ttl("5h")));

    assertTrue(reply.expect(400).text("detail").contains("4h"), reply::toString);
  }

  @Test
  void a_childs_credential_lives_no_longer_than_any_policy_above_it_lets_it() {
    Family.Line line = Family.Line.of(BROKER);

    Reply root = line.root().exchange(Via.DPOP, Family.READ).expect(200);
    Reply child = line.grandchild().exchange(Via.DPOP, Family.READ).expect(200);

    assertTrue(root.json().path("expires_in").asInt() > 3_500, root::toString);
    assertTrue(child.json().path("expires_in").asInt() <= 1_800, child::toString);
  }

  @Test
  void what_only_the_childs_policy_grants_is_refused() {
    AgentClient parent = BROKER.agent("lead");
    AgentClient child = BROKER.child(parent, Via.MTLS, Launch.of("helper"));

    Reply wiki =
        BROKER.mintsNothing(
            () -> child.exchange(Via.MTLS, dev.writ.fixtures.agent.Ask.audience(Family.WIKI)));

    assertEquals("invalid_target", wiki.expect(400).error());
    JsonNode allowed = wiki.json().path("denial").path("allowed");
    assertEquals(1, allowed.size(), wiki::toString);
    assertEquals(Family.DEPLOY, allowed.get(0).path("audience").asText());
  }

  @Test
  void a_killed_agent_or_one_that_lost_its_key_launches_nothing() {
    AgentClient killed = BROKER.agent("lead");
    AgentClient lost = BROKER.agent("lead");
    BROKER.operator().kill(killed.id()).expect(200);
    BROKER.operator().enrolment(lost.id()).expect(201);

    for (AgentClient parent : List.of(killed, lost)) {
      for (Via via : List.of(Via.MTLS, Via.DPOP)) {
        BROKER.mintsNothing(() -> parent.launch(via, Launch.of("worker"))).expect(401);
      }
    }
  }

  @Test
  void a_launch_repeated_with_its_key_gives_the_same_child() {
    AgentClient parent = BROKER.agent("lead");
    var key = java.util.Map.of("Idempotency-Key", "once", "Content-Type", "application/json");
    String body = Launch.of("worker").json();

    Reply first = parent.send(Via.MTLS, "POST", "/v1/agents", key, body).expect(201);
    Reply again = parent.send(Via.DPOP, "POST", "/v1/agents", key, body).expect(201);

    assertEquals(first.text("id"), again.text("id"));
    BROKER.mintsNothing(() -> BROKER.newAgent().enrol(first.text("enrolment_token"))).expect(401);
    BROKER.newAgent().enrol(again.text("enrolment_token")).expect(200);
  }
}
