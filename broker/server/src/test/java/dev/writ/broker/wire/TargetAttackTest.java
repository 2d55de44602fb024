package dev.writ.broker.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.writ.fixtures.agent.AgentClient;
import dev.writ.fixtures.agent.Ask;
import dev.writ.fixtures.agent.Via;
import dev.writ.fixtures.http.Reply;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * What is asked for: empty, too much, or written so that it could be read as something else. What
 * the policy does allow is answered with "not configured" here, which no attack may reach.
 */
class TargetAttackTest {
  private static final String ROLE = "arn:aws:iam::123456789012:role/agents";
  private static final Set<String> REFUSALS =
      Set.of("invalid_authorization_details", "access_denied", "invalid_target");

  @RegisterExtension static final TestBroker BROKER = Policies.broker();

  private static AgentClient agent;

  @BeforeAll
  static void enrol() {
    agent = BROKER.agent("deployer");
  }

  @AfterEach
  void a_good_request_is_good_still() {
    agent.exchange(Via.MTLS, Policies.READ).expect(200);
  }

  private static Reply refused(Ask ask) {
    Reply reply = Refused.by(BROKER, () -> agent.exchange(Via.MTLS, ask));
    assertTrue(REFUSALS.contains(reply.expect(400).error()), () -> ask.form("") + reply);
    assertFalse(reply.body().contains("target_not_configured"), () -> ask.form("") + reply);
    assertEquals("deployer@1", reply.json().path("denial").path("policy").asText());
    return reply;
  }

  private static void malformed(String... details) {
    for (String one : details) {
      assertEquals("invalid_authorization_details", refused(Ask.detailsJson(one)).error(), one);
    }
  }

  private static void allowed(Ask ask) {
    Reply reply = Refused.by(BROKER, () -> agent.exchange(Via.MTLS, ask));
    assertEquals("target_not_configured", reply.expect(400).text("reason"), reply::toString);
  }

  private static String json(String text) {
    return text.chars()
        .mapToObj(c -> "\\u%04x".formatted(c))
        .collect(Collectors.joining("", "\"", "\""));
  }

  private static String gitHub(String repositories, String permissions) {
    return "[{\"type\":\"github\",\"repositories\":[" + repositories + "]" + permissions + "}]";
  }

  private static final String READ = ",\"permissions\":{\"contents\":\"read\"}";

  @Test
  void what_is_allowed_gets_as_far_as_the_target() {
    // Without this none of the others could fail.
    allowed(Ask.github("acme/api", Map.of("contents", "read")));
    allowed(Ask.github(List.of("acme/api", "acme/web"), Map.of("contents", "read")));
    allowed(Ask.resource("https://github.com/acme/api"));
    allowed(Ask.aws(ROLE, List.of("s3:GetObject"), List.of("arn:aws:s3:::builds/x")));
    allowed(Ask.resource(ROLE));
  }

  @Test
  void details_are_one_object_of_a_known_form() {
    String one = "{\"type\":\"internal\",\"audience\":\"https://deploy.internal\"}";
    malformed(
        "",
        " ",
        "x",
        "null",
        "{}",
        "[]",
        "[{}]",
        "[null]",
        "[[]]",
        "[1e999999]",
        "\"x\"",
        one,
        "[" + one + "," + one + "]",
        "[" + one + "]x",
        "[" + one + "][" + one + "]",
        "[" + one + ",]",
        "['" + one + "']",
        "\ufeff[" + one + "]",
        "[{\"type\":\"ftp\"}]",
        "[{\"type\":\"Internal\",\"audience\":\"https://deploy.internal\"}]",
        "[{\"type\":[\"internal\"],\"audience\":\"https://deploy.internal\"}]",
        "[{\"type\":\"internal\"}]",
        "[{\"type\":\"internal\",\"audience\":null}]",
        "[{\"type\":\"internal\",\"audience\":[\"https://deploy.internal\"]}]",
        "[{\"type\":\"internal\",\"audience\":\"https://deploy.internal\",\"scopes\":[]}]",
        "[{\"type\":\"internal\",\"audience\":\"https://deploy.internal\",\"scopes\":{}}]",
        "[{\"type\":\"internal\",\"audience\":\"https://deploy.internal\",\"scopes\":null}]",
        "[{\"type\":\"internal\",\"audience\":\"https://deploy.internal\",\"scopes\":\"deploy:read\"}]",
        "[{\"type\":\"internal\",\"audience\":\"https://deploy.internal\",\"scopes\":[null]}]",
        "[{\"type\":\"internal\",\"audience\":\"https://deploy.internal\",\"more\":1}]",
        "[{\"type\":\"internal\",\"type\":\"internal\",\"audience\":\"https://deploy.internal\"}]",
        "[{\"type\":\"internal\",\"audience\":\"x\",\"audience\":\"https://deploy.internal\"}]",
        "[{\"type\":\"internal\",\"audience\":\"https://deploy.internal\",\"repositories\":[\"acme/api\"]}]",
        "[".repeat(40) + "]".repeat(40),
        "[{\"a\":".repeat(2_000),
        "[{\"type\":\"" + "x".repeat(30_000) + "\"}]");
  }

  @Test
  void nothing_asked_for_at_github_is_never_everything() {
    malformed(
        gitHub("", READ),
        gitHub("\"acme/api\"", ",\"permissions\":{}"),
        gitHub("\"acme/api\"", ",\"permissions\":null"),
        gitHub("\"acme/api\"", ",\"permissions\":[]"),
        gitHub("\"acme/api\"", ",\"permissions\":{\"contents\":\"\"}"),
        gitHub("\"acme/api\"", ",\"permissions\":{\"contents\":null}"),
        gitHub("null", READ),
        "[{\"type\":\"github\"}]",
        "[{\"type\":\"github\",\"permissions\":{\"contents\":\"read\"}}]",
        "[{\"type\":\"github\",\"repositories\":null,\"permissions\":{\"contents\":\"read\"}}]",
        "[{\"type\":\"github\",\"repositories\":\"acme/api\",\"permissions\":{\"contents\":\"read\"}}]");
    refused(Ask.github("*", Map.of("contents", "read")));
    refused(Ask.github(List.of("acme/api", "*"), Map.of("contents", "read")));
    refused(Ask.github("acme/*", Map.of("contents", "read")));
  }

  @Test
  void more_than_the_policy_at_github_is_refused_whole() {
    for (Map<String, String> permissions :
        List.of(
            Map.of("contents", "write"),
            Map.of("contents", "admin"),
            Map.of("contents", "READ"),
            Map.of("contents", "read", "issues", "read"),
            Map.of("administration", "read"),
            Map.of("organization_administration", "read"),
            Map.of("members", "read"),
            Map.of("contents\0", "read"),
            Map.of("nothing_known", "read"))) {
      refused(Ask.github("acme/api", permissions));
    }
    refused(Ask.github(List.of("acme/api", "acme/secrets"), Map.of("contents", "read")));
    refused(Ask.github(List.of("acme/api", "evil/api"), Map.of("contents", "read")));
    malformed(
        gitHub(
            IntStream.range(0, 501)
                .mapToObj(i -> "\"acme/r" + i + "\"")
                .collect(Collectors.joining(",")),
            READ));
  }

  @Test
  void what_looks_like_a_repository_and_is_none_is_refused() {
    for (String name :
        List.of(
            "acme/api.git",
            "acme/api/",
            "acme//api",
            "/acme/api",
            "acme/../acme/api",
            "acme/./api",
            "acme/api/..",
            "../acme/api",
            "acme/..",
            "acme/.",
            "acme\\api",
            "acme%2fapi",
            "acme/%61pi",
            "acme/api%00",
            "acme/api.",
            "acme/api ",
            " acme/api",
            "acme /api",
            "acme/api\0",
            "acme/api\n",
            "acme/api\t",
            "acme/\u0430pi",
            "acme/ap\u0131",
            "\uff41cme/api",
            "acme/a\u200bpi",
            "acme/api\u200d",
            "acme/\u202eipa",
            "acme/a\u0301pi",
            "acme/api#x",
            "acme/api?x=y",
            "acme/api:main",
            "acme/api@main",
            "acme:api",
            "git@github.com:acme/api",
            "https://github.com/acme/api",
            "acme/api,acme/web",
            "acme/api;acme/web",
            "acme",
            "api",
            "",
            "*/*",
            "acme/*",
            "acme/ap?",
            "acme/" + "a".repeat(101),
            "a".repeat(40) + "/api",
            "\ud800/api")) {
      refused(Ask.detailsJson(gitHub(json(name), READ)));
      refused(Ask.resource("https://github.com/" + name));
    }
  }

  @Test
  void another_host_or_scheme_is_not_github() {
    for (String url :
        List.of(
            "http://github.com/acme/api",
            "ssh://git@github.com/acme/api",
            "https://GITHUB.com/acme/api",
            "https://github.com:443/acme/api",
            "https://github.com./acme/api",
            "https://www.github.com/acme/api",
            "https://github.com@evil.example/acme/api",
            "https://evil.example/github.com/acme/api",
            "https://github.com.evil.example/acme/api",
            "https://api.github.com/repos/acme/api",
            "https:/github.com/acme/api",
            "https:github.com/acme/api",
            "//github.com/acme/api",
            "https://g\u0456thub.com/acme/api",
            "file:///etc/passwd",
            "javascript:alert(1)",
            "https://169.254.169.254/latest/meta-data",
            "",
            " ",
            "\0")) {
      refused(Ask.resource(url));
    }
  }

  @Test
  void nothing_asked_for_at_aws_is_never_everything() {
    String start = "[{\"type\":\"aws\",\"role\":\"" + ROLE + "\",\"allow\":";
    malformed(
        start + "[]}]",
        start + "{}}]",
        start + "null}]",
        start + "[{}]}]",
        start + "[{\"actions\":[],\"resources\":[\"arn:aws:s3:::builds/x\"]}]}]",
        start + "[{\"actions\":[\"s3:GetObject\"],\"resources\":[]}]}]",
        start + "[{\"actions\":[\"s3:GetObject\"]}]}]",
        start + "[{\"resources\":[\"arn:aws:s3:::builds/x\"]}]}]",
        start
            + "[{\"effect\":\"Allow\",\"actions\":[\"s3:GetObject\"],\"resources\":[\"arn:aws:s3:::builds/x\"]}]}]",
        start
            + "[{\"actions\":[\"s3:GetObject\"],\"resources\":[\"arn:aws:s3:::builds/x\"],\"conditions\":{}}]}]",
        "[{\"type\":\"aws\",\"allow\":[]}]",
        "[{\"type\":\"aws\",\"role\":\"\"}]",
        "[{\"type\":\"aws\",\"role\":null}]");
  }

  @Test
  void wildcards_and_injections_into_the_session_policy_are_refused() {
    for (String resource :
        List.of(
            "*",
            "arn:aws:s3:::*",
            "arn:aws:s3:::builds*",
            "arn:aws:s3:::builds",
            "arn:*",
            "arn:aws:s3:::b?ilds/x",
            "arn:aws:s3:::BUILDS/x",
            "arn:aws:s3:::builds/../x\0",
            "arn:aws:s3:::builds/${aws:username}",
            "arn:aws:s3:::${aws:PrincipalTag/x}/y",
            "arn:aws:s3:::builds/${*}",
            "\"],\"Effect\":\"Allow",
            "arn:aws:s3:::\"*\"",
            "arn:aws:s3:::other/*\",\"arn:aws:s3:::builds/x",
            "arn:aws:s3:::builds/\n",
            "arn:aws:s3:::builds/\u0430",
            "arn:aws:s3:::builds/x arn:aws:s3:::other/*",
            "arn:aws-cn:s3:::builds/x",
            "",
            "arn:aws:s3:::builds/" + "x".repeat(3_000))) {
      refused(Ask.aws(ROLE, List.of("s3:GetObject"), List.of(resource)));
    }
    for (String action :
        List.of(
            "*",
            "s3:*",
            "s3:Get*",
            "s3:GetObjec?",
            "s3:PutObject",
            "s3:GetObjectAcl",
            "iam:PassRole",
            "sts:AssumeRole",
            "s3:GetObject\",\"s3:*",
            "s3:GetObject\0",
            "s3:GetObject ",
            "s3:",
            ":GetObject",
            "",
            "s3:GetObj\u0435ct",
            "${aws:x}",
            "s3:GetObject,s3:PutObject",
            "NotAction")) {
      refused(Ask.aws(ROLE, List.of(action), List.of("arn:aws:s3:::builds/x")));
    }
  }

  @Test
  void another_role_or_the_same_in_another_account_is_refused() {
    for (String role :
        List.of(
            "arn:aws:iam::999999999999:role/agents", "arn:aws:iam::123456789012:role/Agents",
            "arn:aws:iam::123456789012:role/agents/", "arn:aws:iam::123456789012:role//agents",
            "arn:aws:iam::123456789012:role/x/agents", "arn:aws:iam::123456789012:role/agents2",
            "arn:aws:iam::123456789012:role/*", "arn:aws:iam::123456789012:role/agent?",
            "arn:aws:iam::*:role/agents", "arn:aws:iam:::role/agents",
            "arn:aws-us-gov:iam::123456789012:role/agents", "arn:aws:sts::123456789012:role/agents",
            "arn:aws:iam::123456789012:user/agents", "arn:aws:iam::0123456789012:role/agents",
            "arn:aws:iam::123456789012:role/agents\0", "arn:aws:iam::123456789012:role/agents ",
            "arn:aws:iam::123456789012:role/\u0430gents",
                "ARN:AWS:IAM::123456789012:ROLE/AGENTS")) {
      refused(Ask.aws(role, List.of("s3:GetObject"), List.of("arn:aws:s3:::builds/x")));
      refused(Ask.resource(role));
    }
  }
}
