package dev.writ.broker.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.writ.fixtures.agent.AgentClient;
import dev.writ.fixtures.agent.Ask;
import dev.writ.fixtures.agent.Via;
import dev.writ.fixtures.http.Reply;
import dev.writ.fixtures.s3.S3Keys;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Exchanges for a role's sessions through a broker, and what they can do at a real S3 store. */
@NeedsS3
class AwsTest {
  private static final AwsStage AWS = new AwsStage();
  private static final String OTHERS = "arn:aws:iam::210987654321:role/agents";

  @RegisterExtension
  static final TestBroker BROKER =
      AWS.settingsFor(
          TestBroker.withPolicy(
                  "operator",
                  """
                  lifetime: { agent: 12h, credential: 1h }
                  launch: [ "operator" ]
                  grants:
                    - aws:
                        role: arn:aws:iam:::role/agents
                        allow:
                          - actions: [ "s3:GetObject", "s3:PutObject" ]
                            resources: [ "arn:aws:s3:::work/in/*", "arn:aws:s3:::work/out/*" ]
                          - actions: [ "s3:ListBucket" ]
                            resources: [ "arn:aws:s3:::work" ]
                            conditions: { StringLike: { "s3:prefix": [ "in/*", "a b\\"}é*" ] } }
                    - internal: { audience: "https://deploy.internal", scopes: [ "deploy:read" ] }
                  """)
              .policy(
                  "wanderer",
                  """
                  lifetime: { agent: 12h, credential: 1h }
                  launch: [ "operator" ]
                  grants:
                    - aws:
                        role: arn:aws:iam::210987654321:role/agents
                        allow: [ { actions: [ "s3:GetObject" ], resources: [ "arn:aws:s3:::work/*" ] } ]
                    - aws:
                        role: arn:aws:iam:::role/stranger
                        allow: [ { actions: [ "s3:GetObject" ], resources: [ "arn:aws:s3:::work/*" ] } ]
                    - aws:
                        role: arn:aws:iam:::role/as-on-the-page
                        allow: [ { actions: [ "s3:GetObject" ], resources: [ "arn:aws:s3:::work/*" ] } ]
                    - aws:
                        role: arn:aws:iam:::role/of-others
                        allow: [ { actions: [ "s3:GetObject" ], resources: [ "arn:aws:s3:::work/*" ] } ]
                  """),
          "1s");

  @BeforeAll
  static void fills() {
    AWS.s3().put("work", "in/a.txt", "a");
    AWS.s3().put("work", "in/deep/b.txt", "b");
    AWS.s3().put("work", "secret/c.txt", "c");
    AWS.s3().put("other-b", "in/a.txt", "other");
  }

  @AfterAll
  static void stops() {
    AWS.close();
  }

  private static Ask read(String... resources) {
    return Ask.aws(AwsStage.ROLE, List.of("s3:GetObject"), List.of(resources));
  }

  private static int get(S3Keys keys, String path) {
    return AWS.s3().send(keys, "GET", path, "").status();
  }

  @Test
  void a_session_does_what_was_granted_and_the_store_refuses_everything_else() {
    AgentClient agent = BROKER.agent("operator");

    Reply reply = agent.exchange(Via.MTLS, read("arn:aws:s3:::work/in/a.txt"));

    S3Keys keys = AwsStage.keys(reply);
    assertEquals("N_A", reply.text("token_type"));
    assertEquals(
        "urn:writ:params:oauth:token-type:aws-credentials", reply.text("issued_token_type"));
    assertTrue(reply.json().path("expires_in").asInt() > 3_500);
    assertEquals(200, get(keys, "/work/in/a.txt"));
    assertEquals(403, get(keys, "/work/in/deep/b.txt"));
    assertEquals(403, get(keys, "/work/secret/c.txt"));
    assertEquals(403, get(keys, "/work?list-type=2&prefix=in%2F"));
    assertEquals(403, get(keys, "/other-b/in/a.txt"));
    assertEquals(403, get(keys, "/third/in/a.txt"));
    assertEquals(403, AWS.s3().send(keys, "PUT", "/work/in/a.txt", "mine").status());
    assertEquals(403, AWS.s3().send(keys, "DELETE", "/work/in/a.txt", "").status());
    assertEquals(403, AWS.s3().send(keys, "PUT", "/mine", "").status());
  }

  @Test
  void who_asks_for_the_role_gets_all_that_is_granted_there_under_its_conditions() {
    AgentClient agent = BROKER.agent("operator");

    S3Keys keys = AwsStage.keys(agent.exchange(Via.MTLS, Ask.resource(AwsStage.ROLE)));

    assertEquals(200, get(keys, "/work/in/a.txt"));
    assertEquals(200, AWS.s3().send(keys, "PUT", "/work/out/new.txt", "new").status());
    assertEquals(403, AWS.s3().send(keys, "PUT", "/work/secret/c.txt", "new").status());
    assertEquals(403, get(keys, "/other-b/in/a.txt"));
    assertEquals(200, get(keys, "/work?list-type=2&prefix=in%2F"));
    assertEquals(403, get(keys, "/work?list-type=2&prefix=secret%2F"));
    assertEquals(403, get(keys, "/work?list-type=2"));
  }

  @Test
  void sts_is_told_who_for_what_and_for_how_long_and_always_gets_a_session_policy() {
    AgentClient agent = BROKER.agent("operator");

    Reply reply = agent.exchange(Via.MTLS, read("arn:aws:s3:::work/in/*").ttl(1_000)).expect(200);

    AwsStage.Call asked = AWS.lastCall();
    assertEquals("AssumeRoleWithWebIdentity", asked.get("Action"));
    assertEquals(AwsStage.ROLE, asked.get("RoleArn"));
    assertEquals(agent.id(), asked.get("RoleSessionName"));
    int seconds = Integer.parseInt(asked.get("DurationSeconds"));
    assertTrue(seconds > 990 && seconds <= 1_000, asked::toString);
    assertEquals(
        AwsStage.json(
            """
            {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["s3:GetObject"],"Resource":["arn:aws:s3:::work/in/*"]}]}
            """),
        AwsStage.json(asked.get("Policy")));
    JsonNode claims = claims(asked.get("WebIdentityToken"));
    assertEquals(AWS.issuer().toString(), claims.path("iss").asText());
    assertEquals("sts.amazonaws.com", claims.path("aud").asText());
    assertEquals("spiffe://writ.test/agent/" + agent.id(), claims.path("sub").asText());
    assertEquals(60, claims.path("exp").asLong() - claims.path("iat").asLong());
    assertEquals(agent.id(), claims.path("https://aws.amazon.com/source_identity").asText());
    JsonNode tags = claims.path("https://aws.amazon.com/tags");
    assertEquals("[\"user:ada\"]", tags.path("principal_tags").path("writ-owner").toString());
    assertEquals("[\"operator@1\"]", tags.path("principal_tags").path("writ-policy").toString());
    assertEquals(
        List.of(reply.text("writ")),
        List.of(tags.path("principal_tags").path("writ").path(0).asText()));
    assertEquals(4, tags.path("transitive_tag_keys").size());
    AWS.calls().forEach(call -> assertFalse(call.get("Policy").isEmpty()));
  }

  private static JsonNode claims(String token) {
    return AwsStage.json(
        new String(Base64.getUrlDecoder().decode(token.split("\\.")[1]), StandardCharsets.UTF_8));
  }

  @Test
  void the_store_ends_a_session_when_the_broker_said_it_would() throws InterruptedException {
    AgentClient agent = BROKER.agent("operator");
    Reply reply = agent.exchange(Via.MTLS, read("arn:aws:s3:::work/in/a.txt").ttl(3)).expect(200);
    S3Keys keys = AwsStage.keys(reply);
    Instant end =
        Instant.parse(AwsStage.json(reply.text("access_token")).path("Expiration").asText());
    assertEquals(200, get(keys, "/work/in/a.txt"));

    Thread.sleep(Duration.between(Instant.now(), end).plusMillis(1_500));

    assertNotEquals(200, get(keys, "/work/in/a.txt"));
    AwsStage.keys(agent.exchange(Via.MTLS, read("arn:aws:s3:::work/in/a.txt").ttl(3)));
  }

  @Test
  void blame_knows_a_session_by_its_access_key_id() {
    AgentClient agent = BROKER.agent("operator");
    Reply reply = agent.exchange(Via.MTLS, read("arn:aws:s3:::work/in/a.txt"));
    String id = AwsStage.keys(reply).accessKeyId();

    Reply blamed =
        BROKER
            .operator()
            .send("GET", "/v1/blame?aws_access_key_id=" + id, Map.of(), "")
            .expect(200);

    assertEquals(reply.text("writ"), blamed.text("writ"));
    assertEquals("user:ada", blamed.text("accountable"));
  }

  @Test
  void refreshes_in_botocores_windows_are_served_from_the_cache() {
    AgentClient agent = BROKER.agent("operator");
    Ask quarter = Ask.resource(AwsStage.ROLE).ttl(900);
    String first = agent.exchange(Via.MTLS, quarter).expect(200).text("access_token");
    int asked = AWS.calls().size();

    long[] millis = new long[20];
    for (int i = 0; i < millis.length; i++) {
      Instant before = Instant.now();
      assertEquals(first, agent.exchange(Via.MTLS, quarter).expect(200).text("access_token"));
      millis[i] = Duration.between(before, Instant.now()).toMillis();
    }

    Arrays.sort(millis);
    assertTrue(millis[10] < 100, () -> Arrays.toString(millis));
    assertEquals(asked, AWS.calls().size());
    assertEquals(20, BROKER.records().rows("again", agent.id()));
  }

  @Test
  void the_container_format_holds_the_same_session() {
    AgentClient agent = BROKER.agent("operator");

    Reply reply =
        agent
            .send(Via.MTLS, "GET", "/v1/credentials/aws?role=" + AwsStage.ROLE, Map.of(), "")
            .expect(200);

    S3Keys keys =
        new S3Keys(reply.text("AccessKeyId"), reply.text("SecretAccessKey"), reply.text("Token"));
    assertEquals(200, get(keys, "/work/in/a.txt"));
    assertTrue(Instant.parse(reply.text("Expiration")).isAfter(Instant.now().plusSeconds(3_500)));
  }

  @Test
  void a_killed_agents_session_dies_when_it_dies_and_the_result_says_so() {
    AgentClient agent = BROKER.agent("operator");
    Reply reply = agent.exchange(Via.MTLS, read("arn:aws:s3:::work/in/a.txt")).expect(200);
    String end = AwsStage.json(reply.text("access_token")).path("Expiration").asText();

    JsonNode result =
        BROKER
            .operator()
            .send("POST", "/v1/agents/" + agent.id() + "/kill", Map.of(), "{}")
            .expect(200)
            .json()
            .path("results")
            .path(0);

    assertEquals("dies_at", result.path("result").asText());
    assertEquals(end, result.path("dies_at").asText());
    assertTrue(result.path("why").asText().contains("aws:SourceIdentity"), result::toString);
    Reply refused =
        AWS.asksNothing(() -> agent.exchange(Via.MTLS, read("arn:aws:s3:::work/in/a.txt")));
    assertEquals("agent_killed", refused.text("reason"));
  }

  @Test
  void what_goes_beyond_the_grant_is_refused_before_sts_is_asked() {
    AgentClient agent = BROKER.agent("operator");
    for (Ask beyond :
        List.of(
            read("arn:aws:s3:::work/*"),
            read("arn:aws:s3:::work/secret/c.txt"),
            read("arn:aws:s3:::other-b/in/a.txt"),
            read("arn:aws:s3:::work/in/a.txt", "arn:aws:s3:::work/secret/c.txt"),
            Ask.aws(AwsStage.ROLE, List.of("s3:*"), List.of("arn:aws:s3:::work/in/*")),
            Ask.aws(AwsStage.ROLE, List.of("s3:DeleteObject"), List.of("arn:aws:s3:::work/in/*")),
            Ask.aws(AwsStage.ROLE, List.of("iam:PassRole"), List.of("arn:aws:s3:::work/in/*")))) {
      Reply refused = AWS.asksNothing(() -> agent.exchange(Via.MTLS, beyond)).expect(400);
      assertEquals("access_denied", refused.error());
      assertEquals("operator@1", refused.json().path("denial").path("policy").asText());
    }
  }

  @Test
  void a_role_of_the_same_name_in_another_account_is_another_role() {
    AgentClient agent = BROKER.agent("operator");
    AgentClient wanderer = BROKER.agent("wanderer");

    Reply asked =
        AWS.asksNothing(() ->
            agent.exchange(
                Via.MTLS,
                Ask.aws(OTHERS, List.of("s3:GetObject"), List.of("arn:aws:s3:::work/in/a.txt"))));
    Reply granted = AWS.asksNothing(() -> wanderer.exchange(Via.MTLS, Ask.resource(OTHERS)));

    assertEquals("invalid_target", asked.expect(400).error());
    assertEquals("invalid_target", granted.expect(400).error());
    assertTrue(granted.body().contains("not configured"), granted::body);
  }

  @Test
  void a_role_that_does_not_trust_the_broker_is_a_refusal_that_says_where_to_look() {
    AgentClient agent = BROKER.agent("wanderer");

    Reply refused = agent.exchange(Via.MTLS, Ask.resource("arn:aws:iam:::role/stranger"));

    assertEquals("target_refused", refused.expect(400).text("reason"));
    String words = refused.text("error_description");
    assertTrue(words.contains("trust policy of the role arn:aws:iam:::role/stranger"), words);
    assertTrue(words.contains("docs/aws.md"), words);
    assertEquals(
        List.of("refused"),
        BROKER.records().texts("SELECT state AS text FROM writ WHERE agent = ?::uuid", agent.id()));
  }

  @Test
  void the_trust_policy_of_the_page_admits_the_agents_of_one_trust_domain() throws IOException {
    AgentClient agent = BROKER.agent("wanderer");
    String own = AWS.s3().role("as-on-the-page", AWS.issuer(), conditionsOnThePage("writ.test"));
    String others = AWS.s3().role("of-others", AWS.issuer(), conditionsOnThePage("other.test"));

    S3Keys keys = AwsStage.keys(agent.exchange(Via.MTLS, Ask.resource(own)));
    Reply refused = agent.exchange(Via.MTLS, Ask.resource(others)).expect(400);

    assertEquals(200, get(keys, "/work/in/a.txt"));
    assertEquals("target_refused", refused.text("reason"));
  }

  private static Map<String, Object> conditionsOnThePage(String trustDomain) throws IOException {
    String page = Files.readString(Path.of("../../docs/aws.md"));
    Matcher block = Pattern.compile("```json trust\n(.*?)```", Pattern.DOTALL).matcher(page);
    assertTrue(block.find(), "the page has a trust policy");
    String here =
        block
            .group(1)
            .replace("ids.example/sts", AWS.issuer().toString().substring("http://".length()))
            .replace("writ.example", trustDomain);
    JsonNode conditions = AwsStage.json(here).path("Statement").path(0).path("Condition");
    Map<String, Object> all = new HashMap<>();
    conditions.properties().forEach(one -> all.put(one.getKey(), one.getValue()));
    return all;
  }

  @Test
  void an_agents_own_tokens_are_worthless_at_sts() {
    AgentClient agent = BROKER.agent("operator");
    String access =
        agent
            .exchange(Via.DPOP, Ask.internal("https://deploy.internal", "deploy:read"))
            .expect(200)
            .text("access_token");

    for (String token : List.of(agent.svids().jwt(), access)) {
      Reply refused = assume(token);
      assertEquals(403, refused.status(), refused::toString);
    }
    for (String audience : List.of("sts.amazonaws.com", AWS.issuer().toString())) {
      Reply refused = AWS.asksNothing(() -> agent.exchange(Via.MTLS, Ask.audience(audience)));
      assertEquals("invalid_target", refused.expect(400).error());
    }
  }

  /** Without a session policy: all that the role has, if STS took the token. */
  private static Reply assume(String token) {
    return AWS.s3()
        .call(
            new S3Keys("NOBODY00000000000000", "x".repeat(40), ""),
            "sts",
            Map.of(
                "Action",
                "AssumeRoleWithWebIdentity",
                "RoleArn",
                AwsStage.ROLE,
                "RoleSessionName",
                "agent",
                "WebIdentityToken",
                token));
  }
}
