package dev.writ.broker.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.writ.fixtures.agent.AgentClient;
import dev.writ.fixtures.agent.Launch;
import dev.writ.fixtures.agent.Launcher;
import dev.writ.fixtures.agent.Via;
import dev.writ.fixtures.http.Reply;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a family shares: its record, its lives and its ends. */
class LineageTest {
  @RegisterExtension static final TestBroker BROKER = Family.broker();

  private static List<String> texts(JsonNode list) {
    return list.valueStream().map(JsonNode::asText).toList();
  }

  private static void refused(AgentClient agent, String reason, String ancestor) {
    for (Via via : List.of(Via.MTLS, Via.DPOP)) {
      Reply reply = BROKER.mintsNothing(() -> agent.exchange(via, Family.READ)).expect(400);
      assertEquals(reason, reply.text("reason"), reply::toString);
      assertTrue(reply.body().contains(ancestor), reply::toString);
      BROKER.mintsNothing(() -> agent.renew(via)).expect(401);
      agent.self(via).expect(401);
    }
  }

  private static Instant end(String agent) {
    return Instant.parse(BROKER.operator().agent(agent).text("expires_at"));
  }

  @Test
  void tokens_ledger_and_blame_carry_the_ancestors_parent_first() {
    Family.Line line = Family.Line.of(BROKER);
    List<String> ancestors = List.of(line.child().id(), line.root().id());

    Reply token = line.grandchild().exchange(Via.MTLS, Family.READ).expect(200);

    assertEquals(
        List.of(line.child().svids().spiffeId(), line.root().svids().spiffeId()),
        Claims.of(token).get("writ_lineage"));
    assertEquals(line.grandchild().svids().spiffeId(), Claims.of(token).get("sub"));
    String id = line.grandchild().id();
    for (String kind : List.of("launch", "enrol", "issue")) {
      assertEquals(ancestors, texts(BROKER.records().row(kind, id).path("lineage")), kind);
    }
    Reply blame = BROKER.operator().blame(Map.of("jti", token.text("writ"))).expect(200);
    assertEquals(ancestors, texts(blame.json().path("lineage")));
    assertEquals("agent:" + line.child().id(), blame.text("launcher"));
    assertEquals("helper@1", blame.text("policy"));
    Reply own = line.root().exchange(Via.MTLS, Family.READ).expect(200);
    assertEquals(List.of(), Claims.of(own).get("writ_lineage"));
  }

  @Test
  void a_refusal_is_on_record_with_the_ancestors() {
    Family.Line line = Family.Line.of(BROKER);

    line.grandchild().exchange(Via.MTLS, Family.STAGING).expect(400);

    assertEquals(
        List.of(line.child().id(), line.root().id()),
        texts(BROKER.records().row("refuse", line.grandchild().id()).path("lineage")));
  }

  @Test
  void with_a_killed_parent_every_descendant_is_refused() {
    Family.Line line = Family.Line.of(BROKER);
    Reply token = line.grandchild().exchange(Via.MTLS, Family.READ).expect(200);
    String pending = line.child().launch(Via.MTLS, Launch.of("helper")).text("enrolment_token");

    BROKER.operator().kill(line.root().id(), "went astray", false).expect(200);

    refused(line.child(), "agent_killed", line.root().id());
    refused(line.grandchild(), "agent_killed", line.root().id());
    BROKER.mintsNothing(() -> line.child().launch(Via.MTLS, Launch.of("worker"))).expect(401);
    BROKER.mintsNothing(() -> BROKER.newAgent().enrol(pending)).expect(401);
    BROKER.operator().extend(line.grandchild().id(), "1h").expect(409);
    BROKER.operator().enrolment(line.grandchild().id()).expect(409);
    assertEquals("live", BROKER.operator().agent(line.grandchild().id()).text("state"));
    Reply writs = BROKER.operator().writs(line.grandchild().id()).expect(200);
    assertEquals(token.text("writ"), writs.json().path("writs").get(0).path("writ").asText());
  }

  @Test
  void the_kill_of_a_tree_ends_what_every_descendant_holds() {
    Family.Line line = Family.Line.of(BROKER);
    List<String> writs =
        List.of(
            line.root().exchange(Via.MTLS, Family.READ).text("writ"),
            line.child().exchange(Via.MTLS, Family.READ).text("writ"),
            line.grandchild().exchange(Via.MTLS, Family.READ).text("writ"));

    Reply killed = BROKER.operator().kill(line.root().id(), "all of it", true).expect(200);

    List<String> results =
        killed.json().path("results").valueStream().map(one -> one.path("writ").asText()).toList();
    assertEquals(writs.stream().sorted().toList(), results.stream().sorted().toList());
    for (AgentClient one : List.of(line.root(), line.child(), line.grandchild())) {
      assertEquals("killed", BROKER.operator().agent(one.id()).text("state"));
    }
  }

  @Test
  void a_parent_kills_its_child_and_lives_on_with_the_childs_sibling() {
    AgentClient parent = BROKER.agent("lead");
    AgentClient child = BROKER.child(parent, Via.MTLS, Launch.of("worker"));
    AgentClient sibling = BROKER.child(parent, Via.MTLS, Launch.of("worker"));

    parent.send(Via.DPOP, "POST", "/v1/agents/" + child.id() + "/kill", Map.of(), "{}").expect(200);

    refused(child, "agent_killed", "agent:" + parent.id());
    parent.exchange(Via.MTLS, Family.READ).expect(200);
    sibling.exchange(Via.MTLS, Family.READ).expect(200);
  }

  @Test
  void with_an_expired_parent_a_child_is_refused_even_if_its_own_life_were_longer() {
    Family.Line line = Family.Line.of(BROKER);
    line.grandchild().exchange(Via.MTLS, Family.READ).expect(200);

    expire(line.root().id());

    refused(line.child(), "agent_expired", line.root().id());
    refused(line.grandchild(), "agent_expired", line.root().id());
  }

  /** No request shortens a life; what the end of a life does is to be seen before hours go by. */
  private static void expire(String agent) {
    BROKER
        .database()
        .autoCommit(session ->
            session.update(
                "UPDATE agent SET expires_at = clock_timestamp() WHERE id = ?",
                UUID.fromString(agent)));
  }

  @Test
  void a_child_is_extended_up_to_its_parents_end_and_no_further() {
    Launcher operator = BROKER.operator();
    AgentClient parent = BROKER.agent(Launch.of("lead").owner("user:ada").ttl("1h"));
    AgentClient child = BROKER.child(parent, Via.MTLS, Launch.of("worker"));
    Instant first = end(parent.id());
    assertEquals(first, end(child.id()));

    assertEquals(first.toString(), operator.extend(child.id(), "3h").text("expires_at"));
    operator.extend(parent.id(), "2h").expect(200);
    assertEquals(first, end(child.id()));
    operator.extend(child.id(), "3h").expect(200);
    assertEquals(end(parent.id()), end(child.id()));
    operator.extend(child.id(), "5h").expect(400);

    String path = "/v1/agents/" + child.id() + "/extend";
    operator.extend(parent.id(), "3h").expect(200);
    parent.send(Via.MTLS, "POST", path, Map.of(), "{\"ttl\":\"4h\"}").expect(200);
    assertEquals(end(parent.id()), end(child.id()));
  }

  @Test
  void an_old_copy_of_a_parent_that_was_extended_does_not_shorten_what_its_child_gets() {
    AgentClient parent = BROKER.agent(Launch.of("lead").owner("user:ada").ttl("10m"));
    BROKER.child(parent, Via.MTLS, Launch.of("worker")).exchange(Via.DPOP, Family.READ).expect(200);
    BROKER.operator().extend(parent.id(), "2h").expect(200);

    AgentClient child = BROKER.child(parent, Via.MTLS, Launch.of("worker"));

    Reply token = child.exchange(Via.DPOP, Family.READ).expect(200);
    assertTrue(token.json().path("expires_in").asInt() > 1_700, token::toString);
  }

  @Test
  void the_record_of_an_enrolment_says_which_it_is_and_who_asked_for_it() {
    Family.Line line = Family.Line.of(BROKER);
    AgentClient child = line.child();
    JsonNode first = BROKER.records().row("enrol", child.id());
    assertEquals(1, first.path("number").asInt());
    assertEquals("agent:" + line.root().id(), first.path("by").asText());
    Reply before = child.exchange(Via.MTLS, Family.READ).expect(200);

    Reply again = BROKER.operator().enrolment(child.id()).expect(201);
    AgentClient fresh = BROKER.newAgent();
    fresh.enrol(again.text("enrolment_token")).expect(200);
    Reply after = fresh.exchange(Via.MTLS, Family.READ).expect(200);

    JsonNode second = BROKER.records().row("enrol", child.id());
    assertEquals(2, second.path("number").asInt());
    assertEquals("operator", second.path("by").asText());
    assertEnrolment(before, 1, "agent:" + line.root().id());
    assertEnrolment(after, 2, "operator");
  }

  private static void assertEnrolment(Reply token, int number, String by) {
    JsonNode enrolment =
        BROKER
            .operator()
            .blame(Map.of("jti", token.text("writ")))
            .expect(200)
            .json()
            .path("enrolment");
    assertEquals(number, enrolment.path("number").asInt(), enrolment::toString);
    assertEquals(by, enrolment.path("by").asText());
  }
}
