package dev.writ.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.writ.document.Problem;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ExaminedTest {
  private static final String HEAD =
      "name: p\nlifetime: { agent: 1h, credential: 1h }\nlaunch: []\ngrants:\n";

  @Test
  void measures_a_session_policy_that_is_too_long_and_says_where() {
    String resources =
        IntStream.range(0, 60)
            .mapToObj(i -> "\"arn:aws:s3:::a-rather-long-bucket-name-%02d/*\"".formatted(i))
            .collect(Collectors.joining(", "));
    Examined examined =
        Policy.examineYaml(
            HEAD
                + "  - internal: { audience: a, scopes: [] }\n"
                + "  - aws: { role: \""
                + Examples.ROLE
                + "\", allow: [ { actions: [ \"s3:GetObject\" ], resources: [ "
                + resources
                + " ] } ] }\n",
            Bounds.DEFAULT);
    assertEquals(List.of(1), examined.aws().stream().map(Examined.Budget::grant).toList());
    assertTrue(examined.aws().get(0).characters() > AwsGrant.SESSION_POLICY_LENGTH_MAX);
    Problem problem = examined.policy().problems().get(0);
    assertEquals("/grants/1/aws/allow", problem.pointer());
    assertEquals(Optional.of(6), problem.mark().map(Problem.Mark::line));
  }

  @Test
  void points_at_the_same_value_in_yaml_as_in_json() {
    Examined yaml =
        Policy.examineYaml(
            HEAD
                + "  - github: { account: acme, repositories: [ acme/a, other/b ], permissions: { content: read } }\n",
            Bounds.DEFAULT);
    Examined json =
        Policy.examineJson(
            "{\"name\":\"p\",\"lifetime\":{\"agent\":\"1h\",\"credential\":\"1h\"},\"launch\":[],\"grants\":[{\"github\":{\"account\":\"acme\",\"repositories\":[\"acme/a\",\"other/b\"],\"permissions\":{\"content\":\"read\"}}}]}",
            Bounds.DEFAULT);
    List<String> expected =
        List.of("/grants/0/github/repositories/1", "/grants/0/github/permissions/content");
    assertEquals(expected, yaml.policy().problems().stream().map(Problem::pointer).toList());
    assertEquals(expected, json.policy().problems().stream().map(Problem::pointer).toList());
  }

  @Test
  void flags_stand_beside_the_grant_as_it_was_written() {
    Policy policy =
        Examples.granting(
            """
            - internal: { audience: z, scopes: [ x ] }
            - internal: { audience: b, scopes: [] }
            - github: { account: acme, repositories: "*", permissions: { contents: read }, i-know: why }
            """);
    assertEquals(List.of(0, 1, 1), policy.flagsByGrant().stream().map(List::size).toList());
    assertEquals(Flag.Severity.DANGER, policy.flagsByGrant().get(2).get(0).severity());
  }
}
