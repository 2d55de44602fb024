package dev.writ.broker.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.writ.fixtures.agent.AgentClient;
import dev.writ.fixtures.agent.Ask;
import dev.writ.fixtures.agent.Launch;
import dev.writ.fixtures.agent.Launcher;
import dev.writ.fixtures.agent.Via;
import dev.writ.fixtures.http.Reply;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Agents pass from hand to hand, and the people who answer for them come and go. */
class HandOverTest {
  private static final Ask READ = Ask.internal("https://deploy.internal", "deploy:read");
  private static final String OWNERS =
      """
      {"users": ["ada", "grace", "lin", "tim", "joan"],
       "groups": [
         {"name": "platform", "members": ["ada", "grace"], "rotation":
           {"weeks": 1, "handover": "Mon 09:00 Europe/Berlin", "from": "2026-01-05"}},
         {"name": "data", "members": ["lin"], "rotation":
           {"weeks": 1, "handover": "Mon 09:00 Europe/Berlin", "from": "2026-01-05"}}]}
      """;

  @RegisterExtension
  static final TestBroker BROKER =
      TestBroker.withPolicy(
              "deployer",
              """
              lifetime: { agent: 12h, credential: 1h }
              launch: [ "keycloak/client:orchestrator", "keycloak/user:joan", "agent" ]
              owners: [ "group:platform", "user:tim" ]
              delegation: { depth: 1, policies: [ deployer ] }
              grants:
                - internal: { audience: "https://deploy.internal", scopes: [ "deploy:read" ] }
              """)
          .owners(OWNERS)
          .withPeople()
          .settings("admins: [ \"keycloak/group:security\" ]\n");

  @AfterEach
  void restore() {
    apply(OWNERS);
  }

  private static void apply(String owners) {
    admin()
        .send(
            "POST",
            "/v1/owners/apply",
            Map.of(),
            "{\"comment\":\"test\",\"owners\":" + owners + "}")
        .expect(200);
  }

  private static Launcher user(String name, String... groups) {
    return BROKER.as(BROKER.people().user(name).groups(groups));
  }

  private static Launcher admin() {
    return user("root", "/security");
  }

  private static Launcher orchestrator() {
    return BROKER.as(BROKER.people().client("orchestrator"));
  }

  private static AgentClient agent(String owner) {
    return orchestrator().bringUp(Launch.of("deployer").owner(owner));
  }

  private static Reply blame(Reply token) {
    return admin().blame(Map.of("jti", token.text("writ"))).expect(200);
  }

  private static void refused(AgentClient agent, String rule) {
    for (Via via : List.of(Via.MTLS, Via.DPOP)) {
      Reply reply = BROKER.mintsNothing(() -> agent.exchange(via, READ));
      assertEquals("access_denied", reply.expect(400).error(), reply::toString);
      assertEquals(rule, reply.json().path("denial").path("rule").asText(), reply::toString);
    }
  }

  @Test
  void within_the_owning_group_an_agent_passes_at_once_and_the_others_lose_it() {
    AgentClient agent = agent("group:platform");

    Reply given = user("grace").owner(agent.id(), "user:ada").expect(200);

    assertEquals("user:ada", given.text("owner"));
    assertEquals("user:ada", given.text("accountable"));
    user("ada").agent(agent.id()).expect(200);
    user("grace").agent(agent.id()).expect(404);
    user("grace").kill(agent.id()).expect(404);
    user("grace").owner(agent.id(), "user:grace").expect(404);
    assertEquals("user:ada", blame(agent.exchange(Via.MTLS, READ).expect(200)).text("owner"));
  }

  @Test
  void to_others_it_passes_when_they_accept_and_not_before() {
    AgentClient agent = agent("group:platform");

    Reply offered = user("ada").owner(agent.id(), "user:lin").expect(200);

    assertEquals("group:platform", offered.text("owner"));
    assertEquals("user:lin", offered.text("offered_to"));
    user("lin").agent(agent.id()).expect(404);
    user("lin").kill(agent.id()).expect(404);
    user("tim").acceptOwner(agent.id()).expect(404);
    user("ada").acceptOwner(agent.id()).expect(404);
    assertEquals("group:platform", admin().agent(agent.id()).text("owner"));

    Reply taken = user("lin").acceptOwner(agent.id()).expect(200);

    assertEquals("user:lin", taken.text("owner"));
    assertFalse(taken.json().has("offered_to"));
    for (String former : List.of("ada", "grace")) {
      user(former).agent(agent.id()).expect(404);
      user(former).extend(agent.id(), "12h").expect(404);
    }
    user("lin").acceptOwner(agent.id()).expect(404);
    assertEquals(
        "user:ada",
        BROKER.records().row("offer", agent.id()).path("by").asText().replace("keycloak/", ""));
    assertEquals("user:lin", BROKER.records().row("hand-over", agent.id()).path("to").asText());
    assertEquals(
        "user:lin", BROKER.records().row("hand-over", agent.id()).path("accountable").asText());
  }

  @Test
  void a_group_takes_an_agent_by_any_of_its_members() {
    AgentClient agent = agent("user:tim");
    user("tim").owner(agent.id(), "group:platform").expect(200);
    user("lin").acceptOwner(agent.id()).expect(404);

    user("grace").acceptOwner(agent.id()).expect(200);

    assertEquals("group:platform", admin().agent(agent.id()).text("owner"));
    user("ada").kill(agent.id()).expect(200);
    user("tim").agent(agent.id()).expect(404);
  }

  @Test
  void a_member_who_owns_an_agent_does_not_give_it_to_the_group_without_its_word() {
    AgentClient agent = agent("group:platform");
    user("ada").owner(agent.id(), "user:ada").expect(200);

    user("ada").owner(agent.id(), "group:platform").expect(200);

    assertEquals("user:ada", admin().agent(agent.id()).text("owner"));
    user("grace").acceptOwner(agent.id()).expect(200);
    assertEquals("group:platform", admin().agent(agent.id()).text("owner"));
  }

  @Test
  void the_last_offer_counts_and_a_hand_over_ends_it() {
    AgentClient agent = agent("group:platform");
    user("ada").owner(agent.id(), "user:lin").expect(200);
    user("ada").owner(agent.id(), "user:tim").expect(200);
    user("lin").acceptOwner(agent.id()).expect(404);

    user("ada").owner(agent.id(), "user:grace").expect(200);

    user("tim").acceptOwner(agent.id()).expect(404);
    assertEquals("user:grace", admin().agent(agent.id()).text("owner"));
  }

  @Test
  void the_launcher_keeps_its_rights_whoever_owns_the_agent() {
    AgentClient agent = agent("group:platform");
    user("ada").owner(agent.id(), "user:ada").expect(200);

    orchestrator().agent(agent.id()).expect(200);
    orchestrator().owner(agent.id(), "user:tim").expect(404);
    orchestrator().extend(agent.id(), "12h").expect(200);
    orchestrator().enrolment(agent.id()).expect(201);
    orchestrator().kill(agent.id()).expect(200);
  }

  @Test
  void children_go_with_their_parent_and_never_alone() {
    AgentClient parent = agent("group:platform");
    AgentClient child = BROKER.child(parent, Via.MTLS, Launch.of("deployer"));
    Reply before = child.exchange(Via.MTLS, READ).expect(200);
    Reply alone = user("ada").owner(child.id(), "user:ada").expect(409);
    assertTrue(alone.text("detail").contains(parent.id()), alone::toString);

    user("ada").owner(parent.id(), "user:ada").expect(200);

    assertEquals("user:ada", admin().agent(child.id()).text("owner"));
    user("grace").agent(child.id()).expect(404);
    assertEquals("group:platform", blame(before).text("owner"));
    assertEquals("user:ada", blame(child.exchange(Via.MTLS, READ).expect(200)).text("owner"));
  }

  @Test
  void who_answered_at_issue_answers_for_ever() {
    AgentClient agent = agent("group:platform");
    Reply token = agent.exchange(Via.MTLS, READ).expect(200);
    String onDuty = blame(token).text("accountable");

    admin().owner(agent.id(), "user:tim").expect(200);
    apply(OWNERS.replace("[\"ada\", \"grace\"]", "[\"joan\"]"));

    assertEquals(onDuty, blame(token).text("accountable"));
    assertEquals("group:platform", blame(token).text("owner"));
    Reply after = agent.exchange(Via.MTLS, READ).expect(200);
    assertEquals("user:tim", blame(after).text("accountable"));
    assertEquals("user:tim", Claims.of(after).get("owner"));
  }

  @Test
  void agents_of_an_owner_who_was_removed_are_refused_until_somebody_else_has_them() {
    AgentClient agent = agent("user:tim");
    AgentClient child = BROKER.child(agent, Via.MTLS, Launch.of("deployer"));
    agent.exchange(Via.MTLS, READ).expect(200);
    child.exchange(Via.DPOP, READ).expect(200);

    apply(OWNERS.replace(", \"tim\"", ""));

    refused(agent, "owner");
    refused(child, "owner");
    user("tim").agent(agent.id()).expect(404);
    BROKER.mintsNothing(() -> agent.launch(Via.MTLS, Launch.of("deployer"))).expect(409);

    admin().owner(agent.id(), "user:lin").expect(200);

    agent.exchange(Via.MTLS, READ).expect(200);
    child.exchange(Via.DPOP, READ).expect(200);
  }

  @Test
  void what_somebody_launched_who_was_removed_is_refused_with_all_its_children() {
    AgentClient agent = user("joan").bringUp(Launch.of("deployer").owner("group:platform"));
    AgentClient child = BROKER.child(agent, Via.MTLS, Launch.of("deployer"));
    child.exchange(Via.MTLS, READ).expect(200);

    apply(OWNERS.replace(", \"joan\"", ""));

    refused(agent, "launcher");
    refused(child, "launcher");
    BROKER.mintsNothing(() -> agent.launch(Via.MTLS, Launch.of("deployer"))).expect(404);
    user("joan").enrolment(agent.id()).expect(404);
    user("ada").kill(agent.id()).expect(200);
  }

  @Test
  void nobody_takes_a_dead_agent_or_gives_one_to_nobody() {
    AgentClient agent = agent("group:platform");
    user("ada").owner(agent.id(), "user:nobody").expect(400);
    user("ada").owner(agent.id(), "client:orchestrator").expect(400);
    user("ada").owner(agent.id(), "user:lin").expect(200);
    user("ada").kill(agent.id()).expect(200);

    user("lin").acceptOwner(agent.id()).expect(409);
    user("ada").owner(agent.id(), "user:ada").expect(409);

    assertEquals("group:platform", admin().agent(agent.id()).text("owner"));
  }
}
