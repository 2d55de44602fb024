package dev.writ.broker.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.writ.fixtures.agent.AgentClient;
import dev.writ.fixtures.agent.Ask;
import dev.writ.fixtures.agent.Launch;
import dev.writ.fixtures.agent.Via;
import dev.writ.fixtures.http.FakeServer;
import dev.writ.fixtures.http.FakeServer.Answer;
import dev.writ.fixtures.http.Reply;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * What an agent may try to get more of a role than it is granted. The STS here gives whatever it is
 * asked for: the broker alone stands in the way.
 */
class AwsAttackTest {
  private static final String ROLE = "arn:aws:iam::123456789012:role/agents";
  private static final String HELD = "arn:aws:s3:::builds/*";
  private static final List<AwsStage.Call> CALLS = new CopyOnWriteArrayList<>();
  private static final FakeServer STS = FakeServer.http(0, AwsAttackTest::give);

  @RegisterExtension
  static final TestBroker BROKER =
      TestBroker.withPolicy(
              "reader",
              """
              lifetime: { agent: 12h, credential: 1h }
              launch: [ "operator", "agent" ]
              owners: [ "user:ada" ]
              delegation: { depth: 1, policies: [ reader ] }
              grants:
                - aws:
                    role: arn:aws:iam::123456789012:role/agents
                    allow:
                      - actions: [ "s3:GetObject", "s3:ListBucket" ]
                        resources: [ "arn:aws:s3:::builds", "arn:aws:s3:::builds/*" ]
              """)
          .policy(
              "wide",
              """
              lifetime: { agent: 12h, credential: 1h }
              launch: [ "operator" ]
              grants:
                - aws:
                    role: arn:aws:iam::123456789012:role/agents
                    allow: [ { actions: [ "s3:*" ], resources: [ "arn:aws:s3:::builds/*" ] } ]
              """)
          .settings(() ->
              "aws: [ { account: \"123456789012\", sts: \"%s\", session-min: 900s } ]\n"
                  .formatted(STS.url()));

  @AfterAll
  static void stops() {
    STS.close();
  }

  private static Answer give(FakeServer.Request request) {
    AwsStage.Call asked = AwsStage.form(request.body());
    CALLS.add(asked);
    String end =
        Instant.now()
            .plusSeconds(Long.parseLong(asked.get("DurationSeconds")))
            .truncatedTo(ChronoUnit.SECONDS)
            .toString();
    String xml =
        """
        <AssumeRoleWithWebIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleWithWebIdentityResult>
        <AssumedRoleUser><Arn>arn:aws:sts::123456789012:assumed-role/agents/%s</Arn></AssumedRoleUser>
        <Credentials><AccessKeyId>ASIA%016d</AccessKeyId><SecretAccessKey>secret</SecretAccessKey>
        <SessionToken>token</SessionToken><Expiration>%s</Expiration></Credentials>
        </AssumeRoleWithWebIdentityResult></AssumeRoleWithWebIdentityResponse>
        """
            .formatted(asked.get("RoleSessionName"), CALLS.size(), end);
    return new Answer.Whole(200, Map.of("Content-Type", "text/xml"), xml);
  }

  /** Refused, with nothing given out, no writ and no request to STS. */
  private static Reply refused(Supplier<Reply> request) {
    int calls = CALLS.size();
    Reply reply = Refused.by(BROKER, request);
    assertEquals(calls, CALLS.size(), "STS was asked");
    return reply;
  }

  private static Ask ask(String role, String action, String resource) {
    return Ask.aws(role, List.of(action), List.of(resource));
  }

  /** What a string can hold that ends another, or means something to whoever reads it next. */
  private static List<String> poisons() {
    return List.of(
        "\"",
        "\\",
        "\"}],\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"*\"}]}",
        "*\",\"arn:aws:s3:::*",
        "\",\"Effect\":\"Allow\",\"NotAction\":\"x",
        "{}",
        "\n",
        "\r\nPolicy: {}",
        "\t",
        "\u0000",
        "\u0007",
        "\u2028",
        "\u202e",
        "é",
        "ｓ3",
        "日本",
        "\ud83d\ude00",
        "\ud800",
        " ",
        "%22",
        "&Policy=",
        "&DurationSeconds=43200",
        "+",
        "${aws:username}",
        "${aws:PrincipalTag/writ-agent}",
        "${*}",
        "$${aws:username}",
        "${",
        "*",
        "?",
        "**");
  }

  @Test
  void no_string_of_a_request_gets_out_of_its_place_in_the_session_policy() {
    AgentClient agent = BROKER.agent("reader");
    for (String poison : poisons()) {
      exactOrRefused(agent, ask(ROLE, "s3:GetObject", "arn:aws:s3:::builds/" + poison), poison);
      exactOrRefused(agent, ask(ROLE, "s3:GetObject", HELD + poison), poison);
      exactOrRefused(agent, ask(ROLE, "s3:GetObject", "arn:aws:s3:::builds" + poison), poison);
      exactOrRefused(agent, ask(ROLE, "s3:GetObject", poison), poison);
      exactOrRefused(agent, ask(ROLE, "s3:GetObject" + poison, HELD), poison);
      exactOrRefused(agent, ask(ROLE, poison, HELD), poison);
      refused(() -> agent.exchange(Via.MTLS, ask(ROLE + poison, "s3:GetObject", HELD)));
      byContainerFormat(agent, ROLE + poison);
    }
  }

  private static void byContainerFormat(AgentClient agent, String role) {
    if (role.contains("\u0000")) {
      return; // no query may hold that: see HttpInputTest
    }
    int calls = CALLS.size();
    String query = "?role=" + URLEncoder.encode(role, StandardCharsets.UTF_8);
    BROKER
        .mintsNothing(
            () -> agent.send(Via.MTLS, "GET", "/v1/credentials/aws" + query, Map.of(), ""))
        .expect(400);
    assertEquals(calls, CALLS.size(), "STS was asked");
  }

  /** Given as it stands within the grant, as one string of the policy, or refused. */
  private static void exactOrRefused(AgentClient agent, Ask ask, String poison) {
    int calls = CALLS.size();
    Reply reply = agent.exchange(Via.MTLS, ask);
    if (reply.status() != 200) {
      assertEquals(calls, CALLS.size(), "STS was asked");
      Refused.worded(reply);
      return;
    }
    JsonNode policy = AwsStage.json(CALLS.getLast().get("Policy"));
    assertEquals(2, policy.size());
    assertEquals(1, policy.path("Statement").size());
    JsonNode statement = policy.path("Statement").path(0);
    assertEquals(3, statement.size());
    assertEquals(1, statement.path("Action").size());
    String action = statement.path("Action").path(0).asText();
    assertTrue(action.startsWith("s3:GetObject") && !action.contains("*"), action);
    assertEquals(1, statement.path("Resource").size());
    String resource = statement.path("Resource").path(0).asText();
    assertTrue(resource.startsWith("arn:aws:s3:::builds/"), resource);
    assertTrue(!resource.contains("${"), () -> poison + " became " + resource);
    assertEquals(ROLE, CALLS.getLast().get("RoleArn"));
    assertEquals(7, CALLS.getLast().size());
  }

  @Test
  void everything_that_is_less_than_the_whole_bucket_is_only_that() {
    AgentClient agent = BROKER.agent("reader");

    agent.exchange(Via.MTLS, ask(ROLE, "s3:GetObject", "arn:aws:s3:::builds/é")).expect(400);
    agent.exchange(Via.MTLS, ask(ROLE, "s3:getobject", "arn:aws:s3:::builds/\"{}")).expect(200);

    assertEquals(
        "arn:aws:s3:::builds/\"{}",
        AwsStage.json(CALLS.getLast().get("Policy"))
            .path("Statement")
            .path(0)
            .path("Resource")
            .path(0)
            .asText());
  }

  @Test
  void conditions_session_names_and_lives_are_not_the_agents_to_say() {
    AgentClient agent = BROKER.agent("reader");
    for (String member :
        List.of(
            "\"conditions\":{}",
            "\"policy\":\"{}\"",
            "\"session_name\":\"admin\"",
            "\"external_id\":\"x\"",
            "\"duration\":43200",
            "\"policy_arns\":[\"arn:aws:iam::aws:policy/AdministratorAccess\"]",
            "\"source_identity\":\"ada\"")) {
      String json =
          "[{\"type\":\"aws\",\"role\":\"%s\",%s,\"allow\":[{\"actions\":[\"s3:GetObject\"],\"resources\":[\"%s\"]}]}]"
              .formatted(ROLE, member, HELD);
      Reply reply = refused(() -> agent.exchange(Via.MTLS, Ask.detailsJson(json))).expect(400);
      assertEquals("invalid_authorization_details", reply.error());
    }
    String conditioned =
        "[{\"type\":\"aws\",\"role\":\"%s\",\"allow\":[{\"actions\":[\"s3:GetObject\"],\"resources\":[\"%s\"],\"conditions\":{}}]}]"
            .formatted(ROLE, HELD);
    refused(() -> agent.exchange(Via.MTLS, Ask.detailsJson(conditioned)));
  }

  @Test
  void nothing_to_allow_is_never_everything() {
    AgentClient agent = BROKER.agent("reader");
    for (String allow :
        List.of(
            "[]",
            "[{}]",
            "[{\"actions\":[],\"resources\":[]}]",
            "[{\"actions\":[\"s3:GetObject\"],\"resources\":[]}]",
            "[{\"actions\":[\"s3:GetObject\"]}]",
            "null",
            "\"\"")) {
      String json = "[{\"type\":\"aws\",\"role\":\"%s\",\"allow\":%s}]".formatted(ROLE, allow);
      refused(() -> agent.exchange(Via.MTLS, Ask.detailsJson(json)));
    }
  }

  @Test
  void a_role_of_the_same_name_elsewhere_is_refused() {
    AgentClient agent = BROKER.agent("reader");
    for (String role :
        List.of(
            "arn:aws:iam::210987654321:role/agents",
            "arn:aws:iam:::role/agents",
            "arn:aws-cn:iam::123456789012:role/agents",
            "arn:aws:iam::123456789012:role/other/agents",
            "arn:aws:iam::123456789012:role/Agents",
            "arn:aws:iam::123456789012:role/agents/",
            "arn:aws:iam::123456789012:user/agents",
            "arn:aws:sts::123456789012:assumed-role/agents/x",
            "ARN:aws:iam::123456789012:role/agents",
            "arn:aws:iam::123456789012:role/agents ",
            "arn:aws:iam::１23456789012:role/agents")) {
      refused(() -> agent.exchange(Via.MTLS, ask(role, "s3:GetObject", HELD)));
      refused(() -> agent.exchange(Via.MTLS, Ask.resource(role)));
    }
  }

  @Test
  void a_session_policy_of_more_than_2048_characters_is_refused_by_the_rule_budget() {
    AgentClient agent = BROKER.agent("reader");
    List<String> many =
        IntStream.range(0, 60)
            .mapToObj(i -> "arn:aws:s3:::builds/%d/some/long/prefix/of/a/build".formatted(i))
            .toList();

    Reply reply =
        refused(() -> agent.exchange(Via.MTLS, Ask.aws(ROLE, List.of("s3:GetObject"), many)))
            .expect(400);

    assertEquals("access_denied", reply.error());
    assertEquals("budget", reply.json().path("denial").path("rule").asText());
    assertTrue(reply.json().path("denial").path("hint").asText().contains("2048"), reply::body);
  }

  @Test
  void a_life_below_the_accounts_session_min_is_refused_by_the_rule_ttl() {
    AgentClient agent = BROKER.agent("reader");

    Reply reply =
        refused(() -> agent.exchange(Via.MTLS, ask(ROLE, "s3:GetObject", HELD).ttl(899)))
            .expect(400);

    assertEquals("ttl", reply.json().path("denial").path("rule").asText());
    agent.exchange(Via.MTLS, ask(ROLE, "s3:GetObject", HELD).ttl(900)).expect(200);
    assertEquals("900", CALLS.getLast().get("DurationSeconds"));
  }

  @Test
  void an_agent_that_ends_before_the_shortest_session_gets_none() {
    AgentClient agent = BROKER.agent(Launch.of("reader").owner("user:ada").ttl("10m"));

    Reply reply = refused(() -> agent.exchange(Via.MTLS, Ask.resource(ROLE))).expect(400);

    assertEquals("ttl", reply.json().path("denial").path("rule").asText());
    assertTrue(reply.body().contains("extend the agent"), reply::body);
  }

  @Test
  void a_child_gets_no_more_of_the_role_than_its_parent() {
    AgentClient parent =
        BROKER.agent(
            Launch.of("reader")
                .owner("user:ada")
                .narrow(
                    List.of(
                        Map.of(
                            "type",
                            "aws",
                            "role",
                            ROLE,
                            "allow",
                            List.of(
                                Map.of(
                                    "actions",
                                    List.of("s3:GetObject"),
                                    "resources",
                                    List.of("arn:aws:s3:::builds/mine/*")))))));
    AgentClient child = BROKER.child(parent, Via.MTLS, Launch.of("reader"));

    refused(() -> child.exchange(Via.MTLS, ask(ROLE, "s3:GetObject", HELD)));
    child.exchange(Via.MTLS, Ask.resource(ROLE)).expect(200);

    assertEquals(
        AwsStage.json(
            "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":[\"s3:GetObject\"],\"Resource\":[\"arn:aws:s3:::builds/mine/*\"]}]}"),
        AwsStage.json(CALLS.getLast().get("Policy")));
  }

  @Test
  void sessions_of_one_agent_are_never_handed_to_another() {
    List<String> tokens = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      tokens.add(
          BROKER
              .agent("wide")
              .exchange(Via.MTLS, Ask.resource(ROLE))
              .expect(200)
              .text("access_token"));
    }
    assertEquals(3, tokens.stream().distinct().count());
    assertEquals(
        3,
        CALLS.subList(CALLS.size() - 3, CALLS.size()).stream()
            .map(call -> call.get("RoleSessionName"))
            .distinct()
            .count());
  }
}
