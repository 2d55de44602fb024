package dev.writ.broker.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class DocumentsTest {
  private static final Pattern LINK = Pattern.compile("]\\(([^)#]+)(#[^)]*)?\\)");
  private static final Pattern TEST = Pattern.compile("`(\\w+Test)\\.(\\w+)`");

  static List<Path> documents() {
    return Documents.all();
  }

  @ParameterizedTest
  @MethodSource("documents")
  void every_file_that_is_linked_to_is_there(Path document) {
    List<String> missing =
        LINK.matcher(Documents.text(document))
            .results()
            .map(match -> match.group(1))
            .filter(target -> !target.contains("://"))
            .filter(target -> !Files.exists(document.resolveSibling(target)))
            .toList();
    assertEquals(List.of(), missing);
  }

  @Test
  void every_test_that_shows_a_promise_exists() throws IOException {
    Map<String, String> sources = sources();
    List<MatchResult> named = TEST.matcher(Documents.text("docs/safety.md")).results().toList();
    assertTrue(named.size() >= 50, "the page names its tests");
    List<String> missing =
        named.stream()
            .filter(test -> !declares(sources.getOrDefault(test.group(1), ""), test.group(2)))
            .map(MatchResult::group)
            .toList();
    assertEquals(List.of(), missing);
  }

  /** As a test, or as a factory of tests. */
  private static boolean declares(String source, String test) {
    return source.contains("void " + test + "(")
        || source.contains("Stream<DynamicTest> " + test + "(");
  }

  /** By class name; of classes of the same name, all. */
  private static Map<String, String> sources() throws IOException {
    Map<String, String> sources = new HashMap<>();
    for (String module :
        List.of("broker/policy", "broker/server", "test-fixtures", "vault-plugin")) {
      try (Stream<Path> files =
          Files.walk(Documents.ROOT.resolve(module).resolve("src/test/java"))) {
        files
            .filter(file -> file.toString().endsWith("Test.java"))
            .forEach(file ->
                sources.merge(
                    file.getFileName().toString().replace(".java", ""),
                    Documents.text(file),
                    String::concat));
      }
    }
    return sources;
  }
}
