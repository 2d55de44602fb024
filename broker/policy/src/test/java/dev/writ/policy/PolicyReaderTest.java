package dev.writ.policy;

import static dev.writ.policy.Examples.problems;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.writ.document.Problem;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PolicyReaderTest {

  static Stream<Variant> variants() {
    return Variant.all();
  }

  @ParameterizedTest
  @MethodSource("variants")
  void says_what_is_wrong_where_and_what_was_expected(Variant variant) {
    assertEquals(variant.problems(), problems(variant.yaml()));
  }

  @Test
  void says_all_errors_of_a_document_at_once() {
    assertEquals(
        List.of(
                "line 1, column 1: missing key \"launch\"",
                "line 1, column 7: expected a policy name of 1 to 63 characters a-z, 0-9 and -, got \"A\"",
                "line 2, column 20: expected 1s to 24h, got 2d",
                "line 5, column 16: expected a GitHub account, got \"-\"",
                "line 6, column 20: expected \"*\" alone or a repository written owner/name, without .git, got nothing",
                "line 7, column 22: unknown GitHub permission \"isues\"; did you mean \"issues\"?",
                "line 9, column 17: expected a scope of 1 to 128 visible ASCII characters without \" and \\, got \"x y\"")
            .stream()
            .sorted()
            .toList(),
        problems(
                """
                name: A
                lifetime: { agent: 48h, credential: 1h }
                grants:
                  - github:
                      account: "-"
                      repositories:
                      permissions: { isues: read }
                  - internal:
                      scopes: [ x y ]
                      audience: a
                """)
            .stream()
            .sorted()
            .toList());
  }

  @Test
  void in_json_the_place_is_a_pointer() {
    List<Problem> problems =
        Policy.json(
                "{\"name\":\"p\",\"lifetime\":{\"agent\":\"1h\",\"credential\":\"1h\"},\"launch\":[],"
                    + "\"grants\":[{\"internal\":{\"audience\":\"a\",\"scopes\":[\"x\",\"\"]}}]}",
                Bounds.DEFAULT)
            .problems();
    assertEquals(
        List.of(new Problem("/grants/0/internal/scopes/1", "expected 1 to 2048 characters, got 0")),
        problems);
  }

  @Test
  void the_servers_bounds_are_included() {
    Bounds bounds = new Bounds(Duration.ofHours(12), Duration.ofMinutes(60), Set.of());
    assertEquals(List.of(), problems(Examples.OPERATOR, bounds));
    assertEquals(
        List.of(
            "line 3, column 20: expected 1s to 43199s, got 12h",
            "line 3, column 37: expected 1s to 3599s, got 1h"),
        problems(
            Examples.OPERATOR,
            new Bounds(Duration.ofSeconds(43_199), Duration.ofSeconds(3599), Set.of())));
  }

  @Test
  void a_reserved_audience_is_refused_however_it_is_dressed() {
    for (String reserved :
        List.of(
            "https://deploy.internal",
            "https://DEPLOY.internal/",
            "https://deploy.internal:443",
            "https://deploy.internal//")) {
      Bounds bounds = new Bounds(Duration.ofHours(24), Duration.ofHours(1), Set.of(reserved));
      assertEquals(1, problems(Examples.OPERATOR, bounds).size(), reserved);
    }
    Bounds other =
        new Bounds(
            Duration.ofHours(24),
            Duration.ofHours(1),
            Set.of("https://deploy.internal/sts", "http://deploy.internal"));
    assertEquals(List.of(), problems(Examples.OPERATOR, other));
  }

  @Test
  void lists_are_bounded() {
    assertEquals(
        List.of(),
        problems(Examples.OPERATOR.replace("[ acme/api, acme/web ]", list(500, "acme/r"))));
    assertEquals(
        List.of("line 10, column 21: too many: at most 500, got 501"),
        problems(Examples.OPERATOR.replace("[ acme/api, acme/web ]", list(501, "acme/r"))));
    assertEquals(
        List.of(),
        problems(
            Examples.OPERATOR.replace("[ \"deploy:read\", \"deploy:staging\" ]", list(100, "s"))));
    assertEquals(
        1,
        problems(
                Examples.OPERATOR.replace(
                    "[ \"deploy:read\", \"deploy:staging\" ]", list(101, "s")))
            .size());
    assertEquals(
        List.of(),
        problems(Examples.OPERATOR.replace("[ \"group:platform\" ]", list(64, "user:u"))));
    assertEquals(
        1,
        problems(Examples.OPERATOR.replace("[ \"group:platform\" ]", list(65, "user:u"))).size());
  }

  private static String list(int count, String stem) {
    return IntStream.range(0, count)
        .mapToObj(i -> stem + i)
        .collect(Collectors.joining(", ", "[ ", " ]"));
  }

  @Test
  void shows_what_is_dangerous_and_what_reaches_further_than_it_looks() {
    Policy policy =
        Examples.granting(
            """
            - github:
                account: acme
                repositories: "*"
                permissions: { contents: read, members: read }
                i-know: an index
            - aws:
                role: arn:aws:iam:::role/x
                allow: [ { actions: [ "*" ], resources: [ "*" ], i-know: break glass } ]
            - internal: { audience: a, scopes: [] }
            """);
    assertEquals(
        List.of(
            "DANGER aws arn:aws:iam:::role/x: action * reaches every service (i-know: break glass)",
            "DANGER aws arn:aws:iam:::role/x: resource * reaches every service (i-know: break glass)",
            "DANGER github acme: \"*\" means every repository of the installation, later ones included (i-know: an index)",
            "NOTE github acme: members reaches beyond the listed repositories",
            "NOTE internal a: allows nothing"),
        policy.flags().stream()
            .map(f -> f.severity() + " " + f.grant() + ": " + f.message())
            .toList());
    assertEquals(List.of(), Examples.operator().flags());
  }

  @Test
  void what_allows_nothing_is_noted() {
    assertEquals(
        2,
        Examples.granting(
                "- github: { account: a, repositories: [], permissions: { contents: read } }\n- aws: { role: \"arn:aws:iam:::role/x\", allow: [] }\n")
            .flags()
            .size());
  }

  @Test
  void reads_every_member() {
    Policy operator = Examples.operator();
    assertEquals("operator", operator.name().value());
    assertEquals("Deploys for the platform team", operator.description().orElseThrow());
    assertEquals(new Lifetime(Duration.ofHours(12), Duration.ofHours(1)), operator.lifetime());
    assertEquals(
        "[agent, keycloak/client:orchestrator, keycloak/group:platform]",
        operator.launch().toString());
    assertTrue(
        operator
            .launch()
            .contains(new LaunchRule.By("keycloak", Principal.of("group:platform").orElseThrow())));
    assertEquals("[group:platform]", operator.owners().toString());
    assertEquals(2, operator.delegation().depth());
    assertEquals("[operator, reviewer]", operator.delegation().policies().toString());
    assertEquals(3, operator.grants().size());
  }
}
