package dev.writ.policy;

import static dev.writ.policy.Examples.authority;
import static dev.writ.policy.Examples.json;
import static dev.writ.policy.Examples.operator;
import static dev.writ.policy.Examples.requests;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class AuthorityTest {
  private static final Authority OPERATOR = Authority.of(operator());

  @Test
  void a_narrow_keeps_what_it_names_of_what_there_is() {
    Authority narrowed =
        OPERATOR.narrow(
            requests(
                """
                [{'type':'github','repositories':['acme/api','acme/secret'],'permissions':{'contents':'read','issues':'read'}},
                 {'type':'aws','role':'arn:aws:iam::123456789012:role/agents','allow':[{'actions':['s3:Get*'],'resources':['arn:aws:s3:::build-artifacts/a/*','arn:aws:s3:::x']}]},
                 {'type':'internal','audience':'https://deploy.internal','scopes':['deploy:read','deploy:production']}]
                """));
    assertEquals(
        List.of(
            "{'type':'github','repositories':['acme/api'],'permissions':{'contents':'read'}}",
            "{'type':'aws','role':'arn:aws:iam::123456789012:role/agents','allow':[{'actions':['s3:GetObject'],'resources':['arn:aws:s3:::build-artifacts/a/*'],'conditions':{'StringEquals':{'aws:RequestedRegion':['eu-central-1']}}}]}",
            "{'type':'internal','audience':'https://deploy.internal','scopes':['deploy:read']}"),
        narrowed.grants().stream().map(Examples::json).toList());
  }

  @Test
  void an_entry_without_detail_keeps_all_there_is_at_its_target_and_nothing_elsewhere() {
    assertEquals(
        List.of(
            "{'type':'internal','audience':'https://deploy.internal','scopes':['deploy:read','deploy:staging']}"),
        texts(
            OPERATOR.narrow(
                requests("[{'type':'internal','audience':'https://deploy.internal'}]"))));
    assertEquals(
        List.of(
            "{'type':'github','repositories':['acme/api'],'permissions':{'contents':'write','pull_requests':'write'}}"),
        texts(OPERATOR.narrow(requests("[{'type':'github','repositories':['acme/api']}]"))));
    assertEquals(
        List.of(
            "{'type':'github','repositories':['acme/api','acme/web'],'permissions':{'contents':'write','pull_requests':'write'}}"),
        texts(OPERATOR.narrow(requests("[{'type':'github','repositories':['*']}]"))));
    assertEquals(
        1,
        texts(OPERATOR.narrow(requests("[{'type':'aws','role':'" + Examples.ROLE + "'}]"))).size());
  }

  @Test
  void entries_for_the_same_target_add_up() {
    assertEquals(
        List.of(
            "{'type':'internal','audience':'https://deploy.internal','scopes':['deploy:read','deploy:staging']}"),
        texts(
            OPERATOR.narrow(
                requests(
                    "[{'type':'internal','audience':'https://deploy.internal','scopes':['deploy:read']},"
                        + "{'type':'internal','audience':'https://deploy.internal','scopes':['deploy:staging']}]"))));
  }

  @Test
  void no_entries_keep_nothing() {
    assertEquals(Authority.NONE, OPERATOR.narrow(List.of()));
    assertTrue(OPERATOR.narrow(List.of()).isEmpty());
    assertFalse(OPERATOR.isEmpty());
  }

  @Test
  void entries_beyond_what_there_is_are_reported() {
    List<Request> requests =
        requests(
            "[{'type':'internal','audience':'https://deploy.internal','scopes':['deploy:read']},{'type':'internal','audience':'https://other.internal'},{'type':'github','repositories':['acme/secret']}]");
    assertEquals(
        List.of(Rule.AUDIENCE, Rule.REPOSITORIES),
        OPERATOR.refusals(requests).stream().map(Denial::rule).toList());
  }

  @Test
  void a_child_has_what_its_policy_and_its_parent_both_allow() {
    Authority child =
        authority(
            """
            - github: { account: acme, repositories: "*", permissions: { contents: read, issues: write }, i-know: x }
            - internal: { audience: "https://deploy.internal", scopes: [ "deploy:read", "deploy:production" ] }
            - internal: { audience: "https://other.internal", scopes: [ x ] }
            """);
    assertEquals(
        List.of(
            "{'type':'github','repositories':['acme/api','acme/web'],'permissions':{'contents':'read'}}",
            "{'type':'internal','audience':'https://deploy.internal','scopes':['deploy:read']}"),
        texts(child.intersect(OPERATOR)));
  }

  @Test
  void equal_authority_is_equal_however_it_was_written() {
    Authority one = authority("- internal: { audience: a, scopes: [ x, y ] }\n");
    Authority two =
        authority(
            "- internal: { audience: a, scopes: [ y ] }\n- internal: { audience: a, scopes: [ x ] }\n");
    assertEquals(one, two);
    assertEquals(one.hashCode(), two.hashCode());
    assertNotEquals(one, authority("- internal: { audience: a, scopes: [ x ] }\n"));
    assertNotEquals(OPERATOR, Authority.NONE);
  }

  @Test
  void actions_and_condition_keys_that_differ_in_case_are_equal_and_hash_alike() {
    AwsPattern upper = AwsPattern.action("S3:GETOBJECT").orElseThrow();
    AwsPattern lower = AwsPattern.action("s3:getobject").orElseThrow();
    assertEquals(lower, upper);
    assertEquals(lower.hashCode(), upper.hashCode());
    assertNotEquals(AwsPattern.resource("arn:aws:s3:::A"), AwsPattern.resource("arn:aws:s3:::a"));
    Conditions one = new Conditions(Map.of("Bool", Map.of("aws:X", List.of("true"))));
    Conditions two = new Conditions(Map.of("Bool", Map.of("AWS:x", List.of("true"))));
    assertEquals(one, two);
    assertEquals(one.hashCode(), two.hashCode());
    assertNotEquals(one, new Conditions(Map.of("Bool", Map.of("aws:X", List.of("false")))));
  }

  @Test
  void a_denial_is_ready_for_json() {
    Denial denial = Examples.refused(OPERATOR, "{'type':'internal','audience':'x'}");
    assertEquals(
        "{'requested':[{'type':'internal','audience':'x'}],"
            + "'allowed':[{'type':'internal','audience':'https://deploy.internal','scopes':['deploy:read','deploy:staging']}],"
            + "'rule':'audience','hint':'no grant names x; ask for a target under \\'allowed\\', or have the policy changed'}",
        dev.writ.document.Json.write(denial.details()).replace('"', '\''));
    assertEquals(
        "no grant names x; have the policy changed",
        Examples.refused(Authority.NONE, "{'type':'internal','audience':'x'}").hint());
  }

  @Test
  void at_most_five_missing_repositories_are_named() {
    assertTrue(
        missing(5).startsWith("not granted: acme/r0, acme/r1, acme/r2, acme/r3, acme/r4;"),
        missing(5));
    assertTrue(
        missing(7)
            .startsWith("not granted: acme/r0, acme/r1, acme/r2, acme/r3, acme/r4 and 2 more;"),
        missing(7));
  }

  private static String missing(int count) {
    String names =
        IntStream.range(0, count)
            .mapToObj(i -> "'acme/r" + i + "'")
            .collect(Collectors.joining(","));
    return Examples.refused(OPERATOR, "{'type':'github','repositories':[" + names + "]}").hint();
  }

  @Test
  void one_repository_can_be_asked_for_without_a_document() {
    GitHubRequest request =
        GitHubRequest.of(
            Repository.of("acme/api").orElseThrow(),
            Permissions.of(Map.of("contents", Level.READ)));
    assertEquals(
        Examples.request(
            "{'type':'github','repositories':['acme/api'],'permissions':{'contents':'read'}}"),
        request);
    assertEquals(Optional.of("acme"), request.account());
  }

  private static List<String> texts(Authority authority) {
    return authority.grants().stream().map(grant -> json(grant)).toList();
  }
}
