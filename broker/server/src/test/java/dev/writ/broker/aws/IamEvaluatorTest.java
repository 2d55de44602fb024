package dev.writ.broker.aws;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.writ.fixtures.peer.NpmPeer;
import dev.writ.policy.Asked;
import dev.writ.policy.Authority;
import dev.writ.policy.AwsGrant;
import dev.writ.policy.Bounds;
import dev.writ.policy.Grant;
import dev.writ.policy.Judgement;
import dev.writ.policy.Policy;
import dev.writ.policy.Request;
import dev.writ.policy.Requests;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * Attenuation as an evaluator of IAM policies sees it that is not ours: no session policy allows
 * anything that the policy, the parent's policy or the request does not.
 */
class IamEvaluatorTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String ROLE = "arn:aws:iam::123456789012:role/agents";
  private static final int CASES = 400;
  private static final int POINTS = 40;

  private static final List<String> ACTIONS =
      List.of(
          "s3:GetObject", "s3:PutObject", "s3:ListBucket", "dynamodb:GetItem", "s3:GetObjectAcl");

  private static final List<String> ACTION_PATTERNS =
      List.of(
          "s3:GetObject",
          "s3:getobject",
          "s3:PutObject",
          "s3:ListBucket",
          "s3:Get*",
          "s3:*Object",
          "s3:*",
          "s3:?etObject",
          "s3:GetObject*",
          "s3:*t*",
          "dynamodb:GetItem",
          "dynamodb:*");

  private static final List<String> RESOURCES =
      List.of(
          "arn:aws:s3:::a",
          "arn:aws:s3:::a/x",
          "arn:aws:s3:::a/x/z",
          "arn:aws:s3:::a/X",
          "arn:aws:s3:::ab/x",
          "arn:aws:s3:::b/x:y",
          "arn:aws:dynamodb:eu-central-1:123456789012:table/a");

  private static final List<String> RESOURCE_PATTERNS =
      List.of(
          "arn:aws:s3:::a",
          "arn:aws:s3:::a/*",
          "arn:aws:s3:::a*",
          "arn:aws:s3:::a/x",
          "arn:aws:s3:::a/x*",
          "arn:aws:s3:::a/x/*",
          "arn:aws:s3:::*/x",
          "arn:aws:s3:::?/x",
          "arn:aws:s3:::*",
          "arn:aws:s3:::b/*:y",
          "arn:aws:s3:::a/*/z",
          "arn:aws:dynamodb:*:123456789012:table/*",
          "arn:aws:dynamodb:eu-central-1:*:table/a");

  private static final List<Map<String, Map<String, List<String>>>> CONDITIONS =
      List.of(
          Map.of(),
          Map.of(),
          Map.of("StringEquals", Map.of("aws:RequestedRegion", List.of("eu-central-1"))),
          Map.of(
              "StringEquals", Map.of("aws:RequestedRegion", List.of("eu-central-1", "us-east-1"))),
          Map.of("StringLike", Map.of("s3:prefix", List.of("x/*"))),
          Map.of("Bool", Map.of("aws:SecureTransport", List.of("true"))),
          Map.of(
              "StringEquals", Map.of("aws:requestedregion", List.of("eu-central-1")),
              "StringLike", Map.of("s3:prefix", List.of("x/*"))));

  private static final List<Map<String, String>> CONTEXTS =
      List.of(
          Map.of(),
          Map.of("aws:RequestedRegion", "eu-central-1"),
          Map.of("aws:RequestedRegion", "us-east-1", "aws:SecureTransport", "true"),
          Map.of("aws:RequestedRegion", "eu-central-1", "s3:prefix", "x/y"),
          Map.of("s3:prefix", "x/", "aws:SecureTransport", "false"),
          Map.of(
              "aws:RequestedRegion", "eu-central-1",
              "s3:prefix", "x/y",
              "aws:SecureTransport", "true"));

  private final Random random = new Random(20_261_123);

  /** What was given, and what it may not go beyond. */
  private record Case(List<String> policies, List<Map<String, Object>> requests) {
    Map<String, Object> input() {
      return Map.of(
          "policies",
          policies.stream().map(IamEvaluatorTest::parse).toList(),
          "requests",
          requests);
    }
  }

  @Test
  void the_evaluator_can_tell_allowed_from_denied() {
    String policy =
        "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":[\"s3:Get*\"],\"Resource\":[\"arn:aws:s3:::a/*\"],\"Condition\":{\"StringEquals\":{\"aws:RequestedRegion\":[\"eu-central-1\"]}}}]}";
    Case one =
        new Case(
            List.of(policy),
            List.of(
                point("s3:GetObject", "arn:aws:s3:::a/x", CONTEXTS.get(1)),
                point("s3:GetObject", "arn:aws:s3:::a/x", CONTEXTS.get(0)),
                point("s3:PutObject", "arn:aws:s3:::a/x", CONTEXTS.get(1)),
                point("s3:GetObject", "arn:aws:s3:::b/x", CONTEXTS.get(1))));

    assertEquals(
        "[[[true],[false],[false],[false]]]",
        NpmPeer.install().iam(List.of(one.input())).toString());
  }

  @Test
  void a_session_policy_allows_nothing_that_policy_parent_or_request_do_not() {
    List<Case> cases = new ArrayList<>();
    while (cases.size() < CASES) {
      drawn().ifPresent(cases::add);
    }

    JsonNode verdicts = NpmPeer.install().iam(cases.stream().map(Case::input).toList());

    int allowed = 0;
    int denied = 0;
    for (int c = 0; c < cases.size(); c++) {
      for (int r = 0; r < POINTS; r++) {
        JsonNode verdict = verdicts.path(c).path(r);
        if (verdict.path(0).asBoolean()) {
          allowed++;
          for (int bound = 1; bound < verdict.size(); bound++) {
            String told = cases.get(c).policies() + " " + cases.get(c).requests().get(r);
            assertTrue(verdict.path(bound).asBoolean(), told);
          }
        } else {
          denied++;
        }
      }
    }
    int seen = allowed;
    assertTrue(seen > 1_000 && denied > 1_000, () -> seen + " allowed: too few to say anything");
  }

  /** One that is given, its own policy first. */
  private Optional<Case> drawn() {
    List<Map<String, Object>> granted = statements(3, true);
    List<Map<String, Object>> above = statements(3, true);
    List<Map<String, Object>> asked = statements(2, false);
    boolean wholeRole = random.nextInt(4) == 0;
    Optional<Policy> policy = policy(granted);
    Optional<Policy> parent = policy(above);
    if (policy.isEmpty() || parent.isEmpty()) {
      return Optional.empty();
    }
    Authority both = policy.get().authority().intersect(parent.get().authority());
    return given(both.judge(request(asked, wholeRole)))
        .map(session -> {
          List<String> policies = new ArrayList<>();
          policies.add(session.sessionPolicy());
          policies.add(iam(granted));
          policies.add(iam(above));
          if (!wholeRole) {
            policies.add(iam(asked));
          }
          return new Case(policies, points());
        });
  }

  private static Optional<AwsGrant> given(Judgement judgement) {
    return switch (judgement) {
      case Judgement.Allowed(Grant grant) ->
          grant.fold(g -> Optional.empty(), Optional::of, i -> Optional.empty());
      case Judgement.Refused _ -> Optional.empty();
    };
  }

  private static Optional<Policy> policy(List<Map<String, Object>> statements) {
    String json =
        write(
            Map.of(
                "name", "p",
                "lifetime", Map.of("agent", "12h", "credential", "1h"),
                "launch", List.of("operator"),
                "grants", List.of(Map.of("aws", Map.of("role", ROLE, "allow", statements)))));
    return Optional.of(Policy.json(json, Bounds.DEFAULT).orElseThrow());
  }

  private static Request request(List<Map<String, Object>> statements, boolean wholeRole) {
    Map<String, Object> details = new LinkedHashMap<>(Map.of("type", "aws", "role", ROLE));
    if (!wholeRole) {
      details.put("allow", statements);
    }
    return ((Asked.For) Requests.details(write(List.of(details)))).request();
  }

  private List<Map<String, Object>> statements(int max, boolean conditions) {
    return IntStream.rangeClosed(0, random.nextInt(max))
        .mapToObj(i -> statement(conditions))
        .toList();
  }

  private Map<String, Object> statement(boolean conditions) {
    Map<String, Object> statement = new LinkedHashMap<>();
    statement.put("actions", some(ACTION_PATTERNS));
    statement.put("resources", some(RESOURCE_PATTERNS));
    Map<String, ?> chosen = pick(CONDITIONS);
    if (conditions && !chosen.isEmpty()) {
      statement.put("conditions", chosen);
    }
    return statement;
  }

  /** The statements as IAM writes them, without any code of ours. */
  private static String iam(List<Map<String, Object>> statements) {
    List<Map<String, Object>> all = new ArrayList<>();
    for (Map<String, Object> statement : statements) {
      Map<String, Object> one = new LinkedHashMap<>();
      one.put("Effect", "Allow");
      one.put("Action", statement.get("actions"));
      one.put("Resource", statement.get("resources"));
      if (statement.containsKey("conditions")) {
        one.put("Condition", statement.get("conditions"));
      }
      all.add(one);
    }
    return write(Map.of("Version", "2012-10-17", "Statement", all));
  }

  private List<Map<String, Object>> points() {
    return IntStream.range(0, POINTS)
        .mapToObj(i -> point(pick(ACTIONS), pick(RESOURCES), pick(CONTEXTS)))
        .toList();
  }

  private static Map<String, Object> point(
      String action, String resource, Map<String, String> context) {
    return Map.of("action", action, "resource", resource, "context", context);
  }

  private <T> T pick(List<T> all) {
    return all.get(random.nextInt(all.size()));
  }

  private List<String> some(List<String> all) {
    return IntStream.rangeClosed(0, random.nextInt(3)).mapToObj(i -> pick(all)).distinct().toList();
  }

  private static String write(Object value) {
    try {
      return JSON.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(e);
    }
  }

  private static JsonNode parse(String json) {
    try {
      return JSON.readTree(json);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(e);
    }
  }
}
