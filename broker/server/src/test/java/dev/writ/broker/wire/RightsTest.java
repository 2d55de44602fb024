package dev.writ.broker.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.writ.fixtures.agent.AgentClient;
import dev.writ.fixtures.agent.Ask;
import dev.writ.fixtures.agent.Launch;
import dev.writ.fixtures.agent.Launcher;
import dev.writ.fixtures.agent.Via;
import dev.writ.fixtures.http.Reply;
import dev.writ.fixtures.oidc.KeycloakToken;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class RightsTest {
  private static final String DEPLOY = "https://deploy.internal";

  private static final String WITHOUT_GRACE =
      """
      {"users": ["ada", "grace", "mallory"],
       "groups": [{"name": "platform", "members": ["ada"],
         "rotation": {"weeks": 1, "handover": "Mon 09:00 Europe/Berlin", "from": "2026-01-05"}}]}
      """;

  @RegisterExtension
  static final TestBroker BROKER =
      TestBroker.withPolicy(
              "deployer",
              """
              lifetime: { agent: 12h, credential: 1h }
              launch: [ "keycloak/client:orchestrator", "keycloak/user:ada", "agent" ]
              owners: [ "group:platform" ]
              delegation: { depth: 1, policies: [ deployer ] }
              grants:
                - internal: { audience: "https://deploy.internal", scopes: [ "deploy:read", "deploy:staging" ] }
              """)
          .withPeople()
          .settings(
              """
              admins: [ "keycloak/group:security" ]
              auditors: [ "keycloak/group:audit" ]
              resource-servers:
                - { principal: "keycloak/client:deploy", audience: "https://deploy.internal" }
                - { principal: "keycloak/group:gateways", audience: "https://deploy.internal" }
                - { principal: "keycloak/group:wikis", audience: "https://wiki.internal" }
              """);

  private static Launcher user(String name, String... groups) {
    return BROKER.as(BROKER.people().user(name).groups(groups));
  }

  private static Launcher orchestrator() {
    return BROKER.as(BROKER.people().client("orchestrator"));
  }

  private static Launcher admin() {
    return user("root", "/security");
  }

  private static Launcher auditor() {
    return user("auditor", "/audit");
  }

  private static Launcher owner() {
    return user("grace", "/platform");
  }

  private static Launcher stranger() {
    return user("mallory");
  }

  private static AgentClient agent() {
    return orchestrator().bringUp(Launch.of("deployer").owner("group:platform"));
  }

  private static void assertHidden(Reply reply) {
    Reply unknown = stranger().agent(UUID.randomUUID().toString()).expect(404);
    assertEquals(unknown.json().path("type"), reply.expect(404).json().path("type"));
    assertEquals(unknown.json().path("detail"), reply.json().path("detail"));
  }

  @Test
  void launcher_owner_and_admin_read_extend_and_kill_an_agent() {
    for (Launcher one : List.of(orchestrator(), owner(), admin())) {
      AgentClient agent = agent();
      one.agent(agent.id()).expect(200);
      one.writs(agent.id()).expect(200);
      one.extend(agent.id(), "12h").expect(200);
      assertTrue(one.agents(Map.of()).expect(200).body().contains(agent.id()));
      one.kill(agent.id()).expect(200);
    }
  }

  @Test
  void launcher_and_admin_enrol_again_and_the_owner_does_not() {
    AgentClient agent = agent();

    assertHidden(owner().enrolment(agent.id()));
    orchestrator().enrolment(agent.id()).expect(201);
    admin().enrolment(agent.id()).expect(201);
  }

  @Test
  void owner_and_admin_hand_over_and_the_launcher_does_not() {
    assertHidden(orchestrator().owner(agent().id(), "user:ada"));
    owner().owner(agent().id(), "user:ada").expect(200);
    admin().owner(agent().id(), "user:ada").expect(200);
  }

  @Test
  void an_agent_handed_to_somebody_else_is_theirs_when_they_accept() {
    AgentClient agent = agent();
    owner().owner(agent.id(), "user:mallory").expect(200);

    assertEquals("group:platform", admin().agent(agent.id()).text("owner"));
    assertHidden(user("eve").acceptOwner(agent.id()));
    user("mallory").acceptOwner(agent.id()).expect(200);

    assertEquals("user:mallory", admin().agent(agent.id()).text("owner"));
    assertHidden(owner().agent(agent.id()));
  }

  @Test
  void auditors_read_everything_and_change_nothing() {
    AgentClient agent = agent();
    Reply token = agent.exchange(Via.MTLS, Ask.audience(DEPLOY)).expect(200);

    auditor().agent(agent.id()).expect(200);
    auditor().writs(agent.id()).expect(200);
    auditor().blame(Map.of("jti", token.text("writ"))).expect(200);
    assertHidden(auditor().kill(agent.id()));
    assertHidden(auditor().extend(agent.id(), "1h"));
    assertHidden(auditor().enrolment(agent.id()));
    assertHidden(auditor().owner(agent.id(), "user:ada"));
    assertHidden(auditor().endWrit(token.text("writ")));
    assertHidden(auditor().send("POST", "/v1/policies/apply", Map.of(), "{}"));
    assertHidden(auditor().send("POST", "/v1/owners/apply", Map.of(), "{}"));
    assertEquals("live", auditor().agent(agent.id()).text("state"));
  }

  @Test
  void strangers_and_other_agents_get_what_they_get_for_what_does_not_exist() {
    AgentClient agent = agent();
    Reply token = agent.exchange(Via.MTLS, Ask.audience(DEPLOY)).expect(200);
    String path = "/v1/agents/" + agent.id();

    assertHidden(stranger().agent(agent.id()));
    assertHidden(stranger().kill(agent.id()));
    assertHidden(stranger().extend(agent.id(), "1h"));
    assertHidden(stranger().enrolment(agent.id()));
    assertHidden(stranger().owner(agent.id(), "user:mallory"));
    assertHidden(stranger().acceptOwner(agent.id()));
    assertHidden(stranger().writs(agent.id()));
    assertHidden(stranger().endWrit(token.text("writ")));
    assertHidden(stranger().blame(Map.of("jti", token.text("writ"))));
    assertHidden(stranger().introspect(token.text("access_token")));
    assertEquals(0, stranger().agents(Map.of()).expect(200).json().path("agents").size());
    BROKER
        .mintsNothing(() -> stranger().launch(Launch.of("deployer").owner("user:mallory")))
        .expect(404);
    AgentClient other = agent();
    assertHidden(other.send(Via.MTLS, "GET", path, Map.of(), ""));
    assertHidden(other.send(Via.MTLS, "POST", path + "/kill", Map.of(), "{}"));
    assertEquals("live", admin().agent(agent.id()).text("state"));
  }

  @Test
  void a_parent_reads_and_kills_its_children_and_no_more() {
    AgentClient parent = agent();
    String child = parent.launch(Via.MTLS, Launch.of("deployer")).expect(201).text("id");
    String path = "/v1/agents/" + child;

    parent.send(Via.MTLS, "GET", path, Map.of(), "").expect(200);
    assertHidden(
        parent.send(Via.MTLS, "POST", path + "/owner", Map.of(), "{\"owner\":\"user:ada\"}"));
    parent.send(Via.MTLS, "POST", path + "/kill", Map.of(), "{}").expect(200);
    assertEquals("killed", admin().agent(child).text("state"));
    assertEquals("group:platform", admin().agent(child).text("owner"));
  }

  @Test
  void a_resource_server_learns_of_its_own_audience_only_and_at_once_of_an_end() {
    AgentClient agent = agent();
    Reply token = agent.exchange(Via.MTLS, Ask.audience(DEPLOY)).expect(200);
    Launcher server = BROKER.as(BROKER.people().client("deploy"));

    assertTrue(server.introspect(token.text("access_token")).json().path("active").asBoolean());
    admin().endWrit(token.text("writ")).expect(200);
    assertEquals("{\"active\":false}", server.introspect(token.text("access_token")).body());
    assertEquals("{\"active\":false}", server.introspect("nonsense").expect(200).body());
    assertHidden(admin().introspect(token.text("access_token")));
  }

  @Test
  void whoever_is_in_a_group_of_resource_servers_is_one() {
    String token =
        agent().exchange(Via.MTLS, Ask.audience(DEPLOY)).expect(200).text("access_token");
    Launcher gateway =
        BROKER.as(BROKER.people().client("deploy").azp("gate").subject("gate").groups("/gateways"));

    for (Launcher one :
        List.of(gateway, user("gil", "/gateways"), user("gus", "/wikis", "/gateways"))) {
      assertTrue(one.introspect(token).expect(200).json().path("active").asBoolean());
    }
    assertEquals("{\"active\":false}", user("wim", "/wikis").introspect(token).body());
    assertHidden(user("gil", "/other/gateways").introspect(token));
  }

  @Test
  void nobody_is_known_without_a_good_access_token() throws IOException {
    KeycloakToken other = BROKER.people().user("ada");
    List<Launcher> nobody =
        List.of(
            BROKER.as(BROKER.people().user("ada").typ("ID")),
            BROKER.as(BROKER.people().user("ada").typ("Refresh")),
            BROKER.as(BROKER.people().user("ada").audience("another")),
            BROKER.as(BROKER.people().user("ada").claim("iss", "https://elsewhere.example")),
            BROKER.as(BROKER.people().user("ada").expiresIn(java.time.Duration.ofMinutes(-2))),
            BROKER.bearer(other.sign() + "x"),
            BROKER.bearer("nonsense"));
    for (Launcher one : nobody) {
      BROKER.mintsNothing(() -> one.launch(Launch.of("deployer").owner("user:ada"))).expect(401);
      one.agents(Map.of()).expect(401);
      one.blame(Map.of("jti", UUID.randomUUID().toString())).expect(401);
    }
    Map<String, String> none = Map.of("Authorization", "");
    for (String path : List.of("/v1/agents", "/v1/blame?jti=x", "/v1/self", "/v1/policies")) {
      stranger().send("GET", path, none, "").expect(401);
    }
    BROKER.operator().agents(Map.of()).expect(401);
  }

  @Test
  void who_left_the_owning_group_is_nobody_at_once_on_every_node() throws IOException {
    AgentClient agent = agent();
    String path = "/v1/agents/" + agent.id();
    String token = BROKER.people().user("grace").sign();
    try (Launcher grace = Launcher.at(BROKER.secondNode(), BROKER.bundle(), token)) {
      grace.agent(agent.id()).expect(200);

      applyOwners(WITHOUT_GRACE);

      assertHidden(grace.send("POST", path + "/kill", Map.of(), "{}"));
      assertHidden(grace.agent(agent.id()));
      assertEquals(0, grace.agents(Map.of()).expect(200).json().path("agents").size());
      applyOwners(WITHOUT_GRACE.replace("[\"ada\"]", "[\"ada\", \"grace\"]"));
      grace.agent(agent.id()).expect(200);
    }
  }

  private static void applyOwners(String owners) {
    admin()
        .send(
            "POST",
            "/v1/owners/apply",
            Map.of(),
            "{\"comment\":\"test\",\"owners\":" + owners + "}")
        .expect(200);
  }

  @Test
  void a_user_name_belongs_to_the_account_that_was_seen_with_it_first() {
    BROKER.as(BROKER.people().user("joan")).agents(Map.of()).expect(200);

    BROKER
        .as(BROKER.people().user("joan").subject(UUID.randomUUID().toString()))
        .agents(Map.of())
        .expect(401);
    BROKER.as(BROKER.people().user("joan")).agents(Map.of()).expect(200);
  }

  @Test
  void a_user_name_goes_to_the_next_account_after_an_admin_forgot_whose_it_was() {
    Launcher before = BROKER.as(BROKER.people().user("june"));
    before.agents(Map.of()).expect(200);
    Launcher after = BROKER.as(BROKER.people().user("june").subject(UUID.randomUUID().toString()));
    after.agents(Map.of()).expect(401);
    String path = "/v1/users/june/account";
    assertHidden(auditor().send("DELETE", path, Map.of(), ""));

    Reply forgotten = admin().send("DELETE", path, Map.of(), "").expect(200);

    assertEquals("june", forgotten.text("user"));
    after.agents(Map.of()).expect(200);
    before.agents(Map.of()).expect(401);
    assertEquals(
        List.of(forgotten.text("sub")),
        BROKER
            .records()
            .texts("SELECT body::jsonb->>'sub' AS text FROM ledger WHERE kind = 'forget'"));
  }

  @Test
  void a_launcher_names_itself_or_its_group_as_owner_and_a_workload_never_nobody() {
    Launcher ada = user("ada", "/platform");
    ada.launch(Launch.of("deployer").owner("user:ada")).expect(201);
    ada.launch(Launch.of("deployer").owner("group:platform")).expect(201);
    for (Launch launch :
        List.of(
            Launch.of("deployer"),
            Launch.of("deployer").owner("user:grace"),
            Launch.of("deployer").owner("client:orchestrator"))) {
      int status = BROKER.mintsNothing(() -> ada.launch(launch)).status();
      assertTrue(status == 400 || status == 404, "status " + status);
    }
    BROKER.mintsNothing(() -> orchestrator().launch(Launch.of("deployer"))).expect(400);
  }
}
