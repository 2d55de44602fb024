package dev.writ.broker.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.writ.fixtures.agent.AgentClient;
import dev.writ.fixtures.agent.Ask;
import dev.writ.fixtures.agent.Launch;
import dev.writ.fixtures.agent.Via;
import dev.writ.fixtures.http.Reply;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What an agent may have: its policy ∩ its parent's ∩ what its launch narrowed it to. */
class NarrowingTest {
  private static final String ROLE = "arn:aws:iam::123456789012:role/agents";
  private static final String RELEASE = "arn:aws:s3:::build-artifacts/releases/1.zip";
  private static final Map<String, Object> INTERNAL_READ =
      Map.of("type", "internal", "audience", Family.DEPLOY, "scopes", List.of("deploy:read"));
  private static final Map<String, Object> API_READ =
      Map.of(
          "type",
          "github",
          "repositories",
          List.of("acme/api"),
          "permissions",
          Map.of("contents", "read"));
  private static final Map<String, Object> ONE_RELEASE =
      Map.of(
          "type",
          "aws",
          "role",
          ROLE,
          "allow",
          List.of(Map.of("actions", List.of("s3:GetObject"), "resources", List.of(RELEASE))));

  @RegisterExtension static final TestBroker BROKER = Family.broker();

  @AfterEach
  void restore() {
    BROKER.apply(BROKER.operator(), "lead", Family.LEAD);
    BROKER.apply(BROKER.operator(), "worker", Family.WORKER);
  }

  @SafeVarargs
  private static Launch narrowed(String policy, Map<String, Object>... details) {
    return Launch.of(policy).narrow(List.of(details));
  }

  private static Reply refused(AgentClient agent, Ask ask, String error) {
    Reply reply = BROKER.mintsNothing(() -> agent.exchange(Via.MTLS, ask));
    assertEquals(error, reply.expect(400).error(), reply::toString);
    assertTrue(reply.json().path("denial").isObject(), reply::toString);
    return reply;
  }

  /** What policy allows at a target that this broker does not reach. */
  private static void allowed(AgentClient agent, Ask ask) {
    Reply reply = BROKER.mintsNothing(() -> agent.exchange(Via.MTLS, ask));
    assertEquals("invalid_target", reply.expect(400).error(), reply::toString);
    assertTrue(reply.json().path("denial").isMissingNode(), reply::toString);
  }

  private static Ask contents(String repository, String level) {
    return Ask.github(repository, Map.of("contents", level));
  }

  private static Ask s3(String action, String resource) {
    return Ask.aws(ROLE, List.of(action), List.of(resource));
  }

  private static List<String> targets(AgentClient agent) {
    JsonNode may = agent.self(Via.MTLS).expect(200).json().path("may_ask");
    return may.valueStream().map(grant -> grant.path("type").asText()).toList();
  }

  @Test
  void a_launcher_narrows_an_agent_at_every_kind_of_target() {
    AgentClient agent =
        BROKER.agent(narrowed("lead", INTERNAL_READ, API_READ, ONE_RELEASE).owner("user:ada"));

    agent.exchange(Via.MTLS, Family.READ).expect(200);
    refused(agent, Family.STAGING, "invalid_scope");
    assertEquals(
        "deploy:read", agent.exchange(Via.MTLS, Ask.audience(Family.DEPLOY)).text("scope"));
    allowed(agent, contents("acme/api", "read"));
    refused(agent, contents("acme/api", "write"), "access_denied");
    refused(agent, contents("acme/web", "read"), "access_denied");
    allowed(agent, s3("s3:GetObject", RELEASE));
    refused(agent, s3("s3:PutObject", RELEASE), "access_denied");
    refused(agent, s3("s3:GetObject", "arn:aws:s3:::build-artifacts/*"), "access_denied");
  }

  @Test
  void what_narrow_leaves_out_is_refused_whole() {
    AgentClient agent = BROKER.agent(narrowed("lead", INTERNAL_READ).owner("user:ada"));

    assertEquals(List.of("internal"), targets(agent));
    refused(agent, contents("acme/api", "read"), "invalid_target");
    refused(agent, s3("s3:GetObject", RELEASE), "invalid_target");
  }

  @Test
  void a_child_has_what_both_policies_and_its_own_narrowing_allow() {
    AgentClient parent = BROKER.agent("lead");
    AgentClient child = BROKER.child(parent, Via.DPOP, Launch.of("worker"));
    AgentClient narrow = BROKER.child(parent, Via.DPOP, narrowed("worker", API_READ, ONE_RELEASE));

    child.exchange(Via.MTLS, Family.STAGING).expect(200);
    refused(child, Ask.internal(Family.DEPLOY, "deploy:production"), "invalid_scope");
    allowed(child, contents("acme/api", "write"));
    refused(child, contents("acme/secrets", "read"), "access_denied");
    refused(child, contents("acme/web", "read"), "access_denied");
    refused(child, Ask.github("acme/api", Map.of("issues", "read")), "access_denied");
    allowed(child, s3("s3:GetObject", RELEASE));
    refused(child, s3("s3:DeleteObject", RELEASE), "access_denied");
    refused(child, s3("s3:PutObject", RELEASE), "access_denied");
    refused(narrow, Family.READ, "invalid_target");
    allowed(narrow, contents("acme/api", "read"));
    refused(narrow, contents("acme/api", "write"), "access_denied");
    allowed(narrow, s3("s3:GetObject", RELEASE));
    refused(narrow, s3("s3:GetObject", RELEASE.replace("1", "2")), "access_denied");
  }

  @Test
  void a_narrowing_binds_the_children_of_the_narrowed() {
    AgentClient parent = BROKER.agent(narrowed("lead", INTERNAL_READ, API_READ).owner("user:ada"));
    AgentClient child = BROKER.child(parent, Via.MTLS, Launch.of("worker"));

    child.exchange(Via.MTLS, Family.READ).expect(200);
    refused(child, Family.STAGING, "invalid_scope");
    refused(child, contents("acme/api", "write"), "access_denied");
    refused(child, s3("s3:GetObject", RELEASE), "invalid_target");
  }

  @Test
  void a_narrowing_beyond_what_parent_or_policy_allow_is_refused_and_says_what_is_allowed() {
    AgentClient parent = BROKER.agent(narrowed("lead", INTERNAL_READ).owner("user:ada"));
    Map<String, Object> staging =
        Map.of("type", "internal", "audience", Family.DEPLOY, "scopes", List.of("deploy:staging"));
    for (Launch launch :
        List.of(
            narrowed("worker", staging),
            narrowed("worker", INTERNAL_READ, staging),
            narrowed("worker", API_READ),
            narrowed("worker", ONE_RELEASE),
            narrowed("helper", Map.of("type", "internal", "audience", Family.WIKI)))) {
      Reply reply = BROKER.mintsNothing(() -> parent.launch(Via.MTLS, launch)).expect(400);

      assertTrue(reply.text("type").endsWith("beyond-policy"), reply::toString);
      JsonNode denial = reply.json().path("denials").get(0);
      assertTrue(denial.has("requested") && denial.has("allowed"), reply::toString);
    }
    Launch beyondPolicy =
        narrowed("lead", Map.of("type", "internal", "audience", Family.WIKI)).owner("user:ada");
    BROKER.mintsNothing(() -> BROKER.operator().launch(beyondPolicy)).expect(400);
  }

  @Test
  void a_narrowing_to_nothing_or_to_nonsense_is_malformed() {
    AgentClient parent = BROKER.agent("lead");
    for (Object narrow :
        List.of(
            List.of(),
            List.of(Map.of("type", "gitlab")),
            List.of(Map.of("audience", Family.DEPLOY)),
            List.of(Map.of("type", "internal", "audience", Family.DEPLOY, "scopes", List.of())),
            Map.of("type", "internal", "audience", Family.DEPLOY),
            "everything")) {
      Launch launch = Launch.of("worker").with("narrow", narrow);
      Reply reply = BROKER.mintsNothing(() -> parent.launch(Via.MTLS, launch)).expect(400);
      assertTrue(reply.body().contains("/narrow"), reply::toString);
    }
  }

  @Test
  void a_policy_narrowed_above_narrows_what_runs_below_at_once() {
    Family.Line line = Family.Line.of(BROKER);
    line.child().exchange(Via.MTLS, Family.STAGING).expect(200);

    BROKER.apply(BROKER.operator(), "lead", Family.LEAD.replace(", \"deploy:staging\"", ""));

    refused(line.child(), Family.STAGING, "invalid_scope");
    line.child().exchange(Via.MTLS, Family.READ).expect(200);

    BROKER.apply(
        BROKER.operator(), "lead", Family.LEAD.replace("deploy.internal", "other.internal"));

    refused(line.child(), Family.READ, "invalid_target");
    refused(line.grandchild(), Family.READ, "invalid_target");
  }

  @Test
  void a_delegation_withdrawn_above_ends_what_it_allowed() {
    for (String lead :
        List.of(
            Family.LEAD.replace("depth: 2", "depth: 1"),
            Family.LEAD.replace("[ worker, helper, closed ]", "[ helper ]"))) {
      Family.Line line = Family.Line.of(BROKER);
      line.grandchild().exchange(Via.MTLS, Family.READ).expect(200);

      BROKER.apply(BROKER.operator(), "lead", lead);

      Reply reply = refused(line.grandchild(), Family.READ, "access_denied");
      assertEquals("delegation", reply.json().path("denial").path("rule").asText());
      assertEquals(List.of(), targets(line.grandchild()));
      BROKER.mintsNothing(() -> line.child().launch(Via.MTLS, Launch.of("helper"))).expect(404);
      restore();
      line.grandchild().exchange(Via.MTLS, Family.READ).expect(200);
    }
  }

  @Test
  void a_narrowing_that_can_be_read_no_more_is_a_refusal() {
    AgentClient parent = BROKER.agent(narrowed("lead", INTERNAL_READ, API_READ).owner("user:ada"));
    AgentClient child = BROKER.child(parent, Via.MTLS, Launch.of("worker"));
    BROKER
        .database()
        .autoCommit(session ->
            session.update(
                "UPDATE agent SET narrow = replace(narrow, 'contents', 'a_former_permission'),"
                    + " revision = revision + 1 WHERE id = ? OR parent = ?",
                UUID.fromString(parent.id()),
                UUID.fromString(parent.id())));

    for (AgentClient one : List.of(parent, child)) {
      Reply reply = refused(one, Family.READ, "access_denied");
      assertTrue(reply.body().contains(parent.id()), reply::toString);
      assertEquals(List.of(), targets(one));
    }
    BROKER.mintsNothing(() -> parent.launch(Via.MTLS, Launch.of("worker"))).expect(404);
  }
}
