package dev.writ.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.writ.document.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What docs/policy.md shows is so. */
class PolicyDocumentationTest {
  private static final String TEXT = read();
  private static final Pattern POLICY = Pattern.compile("```yaml policy\n(.*?)```", Pattern.DOTALL);
  private static final Pattern ASKED = Pattern.compile("(?m)^\\| `(\\{.*?})` \\| (.*) \\|$");

  private static String read() {
    try {
      return Files.readString(Path.of("../../docs/policy.md"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Stream<String> policies() {
    return POLICY.matcher(TEXT).results().map(match -> match.group(1));
  }

  static Stream<List<String>> questions() {
    return ASKED.matcher(TEXT).results().map((MatchResult m) -> List.of(m.group(1), m.group(2)));
  }

  @Test
  void the_documentation_has_examples() {
    assertEquals(5, policies().count());
    assertEquals(12, questions().count());
  }

  @ParameterizedTest
  @MethodSource("policies")
  void every_policy_shown_is_sound(String yaml) {
    assertEquals(List.of(), Policy.yaml(yaml, Bounds.DEFAULT).problems());
  }

  @Test
  void the_first_policy_shown_is_the_example_of_the_tests() {
    assertEquals(Examples.operator(), Examples.policy(policies().findFirst().orElseThrow()));
  }

  @ParameterizedTest
  @MethodSource("questions")
  void every_request_shown_is_answered_so(List<String> question) {
    Asked asked = Requests.details("[" + question.get(0) + "]");
    String answer =
        asked instanceof Asked.For understood
            ? describe(Examples.operator().authority().judge(understood.request()))
            : describe(Examples.unclear(asked));
    assertEquals(question.get(1), answer);
  }

  private static String describe(Judgement judgement) {
    return judgement instanceof Judgement.Allowed allowed
        ? "granted: `" + Json.write(allowed.grant().details()) + "`"
        : describe(Examples.refused(judgement));
  }

  private static String describe(Denial denial) {
    return "`" + denial.code().word() + "`, rule `" + denial.rule().word() + "`";
  }

  @Test
  void the_limits_shown_are_the_limits() {
    assertTrue(TEXT.replace('\n', ' ').contains("a delegation `depth` of " + Delegation.DEPTH_MAX));
    assertTrue(TEXT.contains(Parts.REPOSITORIES_MAX + " repositories in a grant"));
    assertTrue(TEXT.contains(Parts.SCOPES_MAX + " scopes in a grant"));
    assertTrue(TEXT.contains(Parts.STATEMENTS_MAX + " `allow` entries with " + Parts.PATTERNS_MAX));
  }
}
