package dev.writ.policy;

import static dev.writ.policy.Denial.Code.ACCESS_DENIED;
import static dev.writ.policy.Denial.Code.INVALID_AUTHORIZATION_DETAILS;
import static dev.writ.policy.Denial.Code.INVALID_TARGET;
import static dev.writ.policy.Examples.allowed;
import static dev.writ.policy.Examples.authority;
import static dev.writ.policy.Examples.json;
import static dev.writ.policy.Examples.refused;
import static dev.writ.policy.Examples.understood;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.writ.document.Json;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class GitHubJudgementTest {
  private static final Authority ACME =
      authority(
          """
          - github:
              account: acme
              repositories: [ acme/api, acme/web ]
              permissions: { contents: write, issues: read }
          - github:
              account: acme
              repositories: [ acme/web ]
              permissions: { pages: write, issues: write }
          """);
  private static final Authority EVERYTHING =
      authority(
          """
          - github:
              account: acme
              repositories: "*"
              permissions: { contents: read }
              i-know: an index of all our code
          - github:
              account: acme
              repositories: [ acme/api ]
              permissions: { contents: write }
          """);

  @Test
  void grants_less_to_who_asks_for_less() {
    assertEquals(
        "{'type':'github','repositories':['acme/api'],'permissions':{'contents':'read'}}",
        json(
            allowed(
                ACME,
                "{'type':'github','repositories':['acme/api'],'permissions':{'contents':'read'}}")));
  }

  @Test
  void grants_exactly_what_is_allowed() {
    assertEquals(
        "{'type':'github','repositories':['acme/api','acme/web'],'permissions':{'contents':'write','issues':'read'}}",
        json(
            allowed(
                ACME,
                "{'type':'github','repositories':['acme/web','acme/api'],'permissions':{'issues':'read','contents':'write'}}")));
  }

  @Test
  void grants_all_there_is_to_who_gives_no_permissions() {
    assertEquals(
        "{'type':'github','repositories':['acme/web'],'permissions':{'contents':'write','issues':'write','pages':'write'}}",
        json(allowed(ACME, "{'type':'github','repositories':['acme/web']}")));
  }

  @Test
  void grants_only_what_all_of_several_repositories_have() {
    assertEquals(
        "{'type':'github','repositories':['acme/api','acme/web'],'permissions':{'contents':'write','issues':'read'}}",
        json(allowed(ACME, "{'type':'github','repositories':['acme/web','acme/api']}")));
  }

  @Test
  void refuses_a_repository_outside_the_policy() {
    Denial denial =
        refused(
            ACME,
            "{'type':'github','repositories':['acme/api','acme/secret'],'permissions':{'contents':'read'}}");
    assertEquals(ACCESS_DENIED, denial.code());
    assertEquals("repositories", denial.rule().word());
    assertTrue(denial.hint().startsWith("not granted: acme/secret;"), denial.hint());
    assertEquals(List.of("acme/api", "acme/secret"), denial.requested().get(0).get("repositories"));
    assertEquals(List.of("acme/web"), denial.allowed().get(1).get("repositories"));
  }

  @Test
  void refuses_a_level_above_the_granted_one() {
    Denial denial =
        refused(
            ACME,
            "{'type':'github','repositories':['acme/api'],'permissions':{'issues':'write','contents':'write'}}");
    assertEquals(ACCESS_DENIED, denial.code());
    assertEquals(Rule.PERMISSIONS, denial.rule());
    assertTrue(denial.hint().contains("repositories: issues: write;"), denial.hint());
    assertEquals(
        List.of(
            Map.of(
                "type",
                "github",
                "repositories",
                List.of("acme/api"),
                "permissions",
                Map.of("contents", "write", "issues", "read"))),
        denial.allowed());
  }

  @Test
  void refuses_admin_where_github_has_no_admin_as_beyond_the_policy() {
    assertEquals(
        Rule.PERMISSIONS,
        refused(
                ACME,
                "{'type':'github','repositories':['acme/api'],'permissions':{'contents':'admin'}}")
            .rule());
  }

  @Test
  void refuses_a_permission_that_one_of_the_repositories_lacks() {
    assertEquals(
        Rule.PERMISSIONS,
        refused(
                ACME,
                "{'type':'github','repositories':['acme/api','acme/web'],'permissions':{'pages':'read'}}")
            .rule());
    assertEquals(
        Rule.PERMISSIONS,
        refused(
                ACME,
                "{'type':'github','repositories':['acme/api','acme/web'],'permissions':{'issues':'write'}}")
            .rule());
  }

  @Test
  void refuses_an_account_that_no_grant_names() {
    Denial denial =
        refused(
            ACME,
            "{'type':'github','repositories':['evil/api'],'permissions':{'contents':'read'}}");
    assertEquals(INVALID_TARGET, denial.code());
    assertEquals(Rule.ACCOUNT, denial.rule());
    assertEquals(
        INVALID_TARGET, refused(Authority.NONE, "{'type':'github','repositories':['*']}").code());
  }

  @Test
  void compares_names_without_case() {
    assertEquals(
        "{'type':'github','repositories':['acme/api'],'permissions':{'contents':'read'}}",
        json(
            allowed(
                ACME,
                "{'type':'github','repositories':['ACME/Api'],'permissions':{'contents':'read'}}")));
  }

  @Test
  void a_repository_named_as_a_resource_is_a_target() {
    Request api =
        understood(Requests.resource("https://github.com/acme/api", Set.of("github.com")));
    Judgement judgement = ACME.judge(api);
    assertEquals(
        "{'type':'github','repositories':['acme/api'],'permissions':{'contents':'write','issues':'read'}}",
        judgement instanceof Judgement.Allowed allowed ? json(allowed.grant()) : "refused");
    Request secret =
        understood(Requests.resource("https://github.com/acme/secret", Set.of("github.com")));
    assertEquals(INVALID_TARGET, refused(ACME.judge(secret)).code());
  }

  @Test
  void all_repositories_are_granted_only_where_they_are_granted() {
    for (String all :
        List.of(
            "{'type':'github','repositories':['*']}",
            "{'type':'github','repositories':['acme/*']}",
            "{'type':'github','account':'acme','repositories':['*']}")) {
      assertEquals(
          "{'type':'github','account':'acme','repositories':['*'],'permissions':{'contents':'read'}}",
          json(allowed(EVERYTHING, all)));
      Denial denial = refused(ACME, all);
      assertEquals(ACCESS_DENIED, denial.code());
      assertEquals(Rule.REPOSITORIES, denial.rule());
    }
    assertEquals(
        Rule.PERMISSIONS,
        refused(
                EVERYTHING,
                "{'type':'github','repositories':['*'],'permissions':{'contents':'write'}}")
            .rule());
  }

  @Test
  void a_grant_of_all_repositories_covers_any_of_the_account() {
    assertEquals(
        "{'type':'github','repositories':['acme/new'],'permissions':{'contents':'read'}}",
        json(allowed(EVERYTHING, "{'type':'github','repositories':['acme/new']}")));
    assertEquals(
        "{'type':'github','repositories':['acme/api'],'permissions':{'contents':'write'}}",
        json(allowed(EVERYTHING, "{'type':'github','repositories':['acme/api']}")));
    assertEquals(
        INVALID_TARGET,
        refused(EVERYTHING, "{'type':'github','repositories':['other/new']}").code());
  }

  @Test
  void all_repositories_need_an_account_when_there_are_several() {
    Authority two =
        authority(
            """
            - github: { account: a, repositories: "*", permissions: { contents: read }, i-know: x }
            - github: { account: b, repositories: "*", permissions: { contents: read }, i-know: x }
            """);
    Denial denial = refused(two, "{'type':'github','repositories':['*']}");
    assertEquals(INVALID_AUTHORIZATION_DETAILS, denial.code());
    assertEquals(Rule.ACCOUNT, denial.rule());
    assertEquals(
        "{'type':'github','account':'b','repositories':['*'],'permissions':{'contents':'read'}}",
        json(allowed(two, "{'type':'github','repositories':['b/*']}")));
  }

  @Test
  void an_empty_list_in_a_policy_allows_nothing() {
    Authority nothing =
        authority(
            "- github: { account: acme, repositories: [], permissions: { contents: read } }\n");
    assertEquals(
        Rule.REPOSITORIES,
        refused(nothing, "{'type':'github','repositories':['acme/api']}").rule());
    assertEquals(
        Rule.REPOSITORIES, refused(nothing, "{'type':'github','repositories':['*']}").rule());
    Authority powerless =
        authority("- github: { account: acme, repositories: [ acme/api ], permissions: {} }\n");
    assertEquals(
        ACCESS_DENIED, refused(powerless, "{'type':'github','repositories':['acme/api']}").code());
    assertTrue(nothing.isEmpty());
    assertTrue(powerless.isEmpty());
  }

  @Test
  void repositories_with_nothing_in_common_are_to_be_asked_one_by_one() {
    Authority apart =
        authority(
            """
            - github: { account: acme, repositories: [ acme/a ], permissions: { contents: read } }
            - github: { account: acme, repositories: [ acme/b ], permissions: { issues: read } }
            """);
    Denial denial = refused(apart, "{'type':'github','repositories':['acme/a','acme/b']}");
    assertEquals(Rule.PERMISSIONS, denial.rule());
    assertTrue(denial.hint().contains("one by one"), denial.hint());
  }

  @Test
  void a_long_list_of_what_is_allowed_is_cut() {
    String names =
        IntStream.range(0, 101).mapToObj(i -> "acme/r" + i).collect(Collectors.joining(", "));
    Authority large =
        authority(
            "- github: { account: acme, repositories: [ "
                + names
                + " ], permissions: { contents: read } }\n");
    Denial denial = refused(large, "{'type':'github','repositories':['acme/x']}");
    assertEquals(100, Json.write(denial.allowed()).split("acme/r", -1).length - 1);
  }

  @Test
  void an_answer_may_have_metadata_added_and_nothing_else() {
    Request api =
        Examples.request(
            "{'type':'github','repositories':['acme/api'],'permissions':{'contents':'read'}}");
    GitHubGrant granted = (GitHubGrant) ((Judgement.Allowed) ACME.judge(api)).grant();
    assertTrue(
        granted.tolerates(Permissions.of(Map.of("contents", Level.READ, "metadata", Level.READ))));
    assertTrue(granted.tolerates(Permissions.of(Map.of("contents", Level.READ))));
    assertFalse(granted.tolerates(Permissions.of(Map.of("contents", Level.WRITE))));
    assertFalse(granted.tolerates(Permissions.of(Map.of("metadata", Level.WRITE))));
    assertFalse(granted.tolerates(Permissions.of(Map.of("issues", Level.READ))));
  }

  @Test
  void an_answer_is_read_from_githubs_words() {
    assertEquals(
        Optional.of(Permissions.of(Map.of("contents", Level.WRITE, "new_one", Level.READ))),
        Permissions.ofWords(Map.of("contents", "write", "new_one", "read")));
    assertEquals(
        Optional.empty(), Permissions.ofWords(Map.of("contents", "write", "issues", "own")));
  }
}
