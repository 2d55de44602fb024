package dev.writ.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ComparisonTest {

  private static List<String> changes(String before, String after) {
    return texts(Comparison.of(Examples.policy(before), Examples.policy(after)));
  }

  private static List<String> grantChanges(String before, String after) {
    return texts(Comparison.of(Examples.granting(before), Examples.granting(after)));
  }

  private static List<String> texts(List<Change> changes) {
    return changes.stream()
        .map(c -> c.pointer() + " " + c.effect().word() + ": " + c.text())
        .toList();
  }

  private static String policy(String rest) {
    return "name: p\n" + rest + "grants: []\n";
  }

  @Test
  void says_nothing_of_equal_policies_however_they_are_written() {
    assertEquals(
        List.of(),
        grantChanges(
            "- internal: { audience: a, scopes: [ x, y ] }\n- internal: { audience: b, scopes: [] }",
            "- internal: { scopes: [], audience: b }\n- internal: { audience: a, scopes: [ y, x ] }"));
  }

  @Test
  void says_what_became_of_lifetimes_launchers_owners_and_delegation() {
    assertEquals(
        List.of(
            "/description other: the description is another",
            "/lifetime/agent wider: agents live up to 12h, before 1h",
            "/lifetime/credential narrower: credentials live up to 30m, before 1h",
            "/launch/0 wider: agent may now launch agents",
            "/launch/0 narrower: kc/user:ada may no longer launch agents",
            "/owners/0 wider: group:a may now be named as owner",
            "/delegation/depth wider: children may stand 2 below the root, before 0",
            "/delegation/policies/0 wider: q may now be the policy of a child"),
        changes(
            policy("lifetime: { agent: 1h, credential: 1h }\nlaunch: [ \"kc/user:ada\" ]\n"),
            policy(
                """
                description: new
                lifetime: { agent: 12h, credential: 30m }
                launch: [ agent ]
                owners: [ "group:a" ]
                delegation: { depth: 2, policies: [ q ] }
                """)));
  }

  @Test
  void tells_more_from_less_permission_by_permission_and_repository_by_repository() {
    assertEquals(
        List.of(
            "/grants/0/github wider: acme/a: contents read → write",
            "/grants/0/github narrower: acme/a: issues write → read, pull_requests read → none",
            "/grants/0/github wider: acme/b, acme/c: contents none → read, issues none → read"),
        grantChanges(
            """
            - github:
                account: acme
                repositories: [ acme/a ]
                permissions: { contents: read, issues: write, pull_requests: read }
            """,
            """
            - github: { account: acme, repositories: [ acme/a ], permissions: { contents: write, issues: read } }
            - github: { account: acme, repositories: [ acme/b, acme/c ], permissions: { contents: read, issues: read } }
            """));
  }

  @Test
  void every_repository_is_more_than_those_that_were_listed() {
    assertEquals(
        List.of("/grants/0/github wider: every repository of acme: contents none → read"),
        grantChanges(
            "- github: { account: acme, repositories: [ acme/a ], permissions: { contents: read } }",
            "- github: { account: acme, repositories: \"*\", permissions: { contents: read }, i-know: why }"));
  }

  private static String aws(String statements) {
    return "- aws:\n    role: " + Examples.ROLE + "\n    allow:\n" + statements.indent(6);
  }

  @Test
  void widens_a_statement_by_an_action_and_narrows_it_by_a_condition() {
    String one = aws("- { actions: [ \"s3:GetObject\" ], resources: [ \"arn:aws:s3:::b/*\" ] }");
    String two =
        aws(
            "- { actions: [ \"s3:GetObject\", \"s3:PutObject\" ], resources: [ \"arn:aws:s3:::b/*\" ] }");
    String conditioned =
        aws(
            "- { actions: [ \"s3:GetObject\" ], resources: [ \"arn:aws:s3:::b/*\" ], conditions: { StringEquals: { \"aws:RequestedRegion\": \"eu-central-1\" } } }");
    assertEquals(
        List.of(
            "/grants/0/aws wider: role/agents: s3:GetObject, s3:PutObject on arn:aws:s3:::b/*, before only s3:GetObject on arn:aws:s3:::b/*"),
        grantChanges(one, two));
    assertEquals(
        List.of(
            "/grants/0/aws narrower: role/agents: only s3:GetObject on arn:aws:s3:::b/* under conditions, before s3:GetObject on arn:aws:s3:::b/*"),
        grantChanges(one, conditioned));
  }

  @Test
  void two_statements_that_allow_what_one_did_are_written_differently_only() {
    assertEquals(
        List.of("/grants other: grants are written differently, and allow the same as before"),
        grantChanges(
            aws(
                "- { actions: [ \"s3:GetObject\", \"s3:PutObject\" ], resources: [ \"arn:aws:s3:::b/*\" ] }"),
            aws(
                "- { actions: [ \"s3:GetObject\" ], resources: [ \"arn:aws:s3:::b/*\" ] }\n- { actions: [ \"s3:PutObject\" ], resources: [ \"arn:aws:s3:::b/*\" ] }")));
  }

  @Test
  void a_target_that_is_gone_is_pointed_at_where_it_was() {
    assertEquals(
        List.of(
            "/grants/1/internal narrower: https://b: no longer the scopes x",
            "/grants/0/internal wider: https://c: new scopes x, y"),
        grantChanges(
            "- internal: { audience: https://a, scopes: [ x ] }\n- internal: { audience: https://b, scopes: [ x ] }",
            "- internal: { audience: https://c, scopes: [ x, y ] }\n- internal: { audience: https://a, scopes: [ x ] }"));
  }

  @Test
  void everything_in_a_new_policy_is_wider_and_in_a_deleted_one_narrower() {
    Optional<Policy> operator = Optional.of(Examples.operator());
    List<Change> changes = Comparison.of(Optional.empty(), operator);
    assertEquals(
        List.of(Change.Effect.WIDER), changes.stream().map(Change::effect).distinct().toList());
    assertEquals(10, changes.size());
    List<Change> deleted = Comparison.of(operator, Optional.empty());
    assertEquals(
        List.of(Change.Effect.NARROWER), deleted.stream().map(Change::effect).distinct().toList());
    assertEquals(10, deleted.size());
    assertEquals(List.of(), Comparison.of(Optional.empty(), Optional.<Policy>empty()));
  }
}
