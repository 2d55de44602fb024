package dev.writ.document;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class YamlDocumentTest {

  @Test
  void reads_text_numbers_booleans_lists_and_mappings() {
    Parsed<List<Object>> parsed =
        Document.yaml(
                "name: ada\nage: 36\nborn: 1815-12-10\nno: no\nalive: false\nlikes: [ a, \"7\" ]\n",
                Limits.FILE)
            .read(root -> {
              Fields fields = root.fields("name", "age", "born", "no", "alive", "likes");
              return Optional.of(
                  List.of(
                      fields.required("name").string(10).orElse("?"),
                      fields.required("age").integer(36, 36).orElse(0L),
                      fields.required("born").string(10).orElse("?"),
                      fields.required("no").string(10).orElse("?"),
                      fields.required("alive").bool().orElse(true),
                      fields.required("likes").items(2).stream()
                          .map(v -> v.string(9).orElse("?"))
                          .toList()));
            });
    assertEquals(
        List.of("ada", 36L, "1815-12-10", "no", false, List.of("a", "7")), parsed.orElseThrow());
  }

  @Test
  void says_all_problems_at_once_in_the_order_of_the_document() {
    String text = "nmae: ada\nage: 200\nlikes: x\n";
    assertEquals(
        List.of(
            "line 1, column 1: unknown key \"nmae\"; did you mean \"name\"?",
            "line 1, column 1: missing key \"name\"",
            "line 2, column 6: expected a whole number from 0 to 150, got the number 200",
            "line 3, column 8: expected a list, got \"x\""),
        problemsOf(
            Document.yaml(text, Limits.FILE)
                .read(root -> {
                  Fields fields = root.fields("name", "age", "likes");
                  fields.required("likes").items(3);
                  fields.required("age").integer(0, 150);
                  fields.required("name").string(3);
                  return Optional.of("a value that loses against the problems");
                })));
  }

  @Test
  void a_duplicate_key_is_a_problem_at_its_second_place() {
    assertEquals(List.of("line 3, column 1: duplicate key \"a\""), problems("a: 1\nb: 2\na: 1\n"));
  }

  @Test
  void anchors_aliases_merge_keys_and_tags_are_problems() {
    assertEquals(
        List.of(
            "line 1, column 4: anchors are not allowed: write the value out where it is needed",
            "line 2, column 4: aliases are not allowed: write the value out",
            "line 3, column 1: merge keys are not allowed: write the members out",
            "line 4, column 4: tags are not allowed: remove \"tag:yaml.org,2002:str\""),
        problems("a: &x 1\nb: *x\n<<: { c: 1 }\nd: !!str e\n"));
  }

  @Test
  void a_second_document_is_a_problem() {
    assertEquals(
        List.of("line 2, column 1: a second document: one is expected, remove the \"---\""),
        problems("a: 1\n---\nb: 1\n"));
  }

  @Test
  void an_empty_document_is_a_problem() {
    assertEquals(List.of("the document is empty"), problems(""));
    assertEquals(List.of("the document is empty"), problems("# nothing here\n"));
  }

  @Test
  void broken_yaml_is_a_problem_with_its_line() {
    List<String> problems = problems("a: 1\nb: [ 1, 2\n");
    assertEquals(1, problems.size());
    assertTrue(problems.get(0).startsWith("line 3, column 1: not YAML: "), problems.get(0));
  }

  @Test
  void a_character_that_yaml_forbids_is_a_problem() {
    assertTrue(problems("a: \u0000").get(0).startsWith("not YAML: "));
  }

  @Test
  void keys_must_be_text() {
    assertEquals(
        List.of("line 1, column 1: a key must be text, got the number 1"), problems("1: a\n"));
    assertEquals(
        List.of("line 1, column 3: a key must be text, got a list"), problems("? [ a ]\n: b\n"));
  }

  @Test
  void the_depth_is_bounded() {
    Limits limits = new Limits(1000, 3);
    assertEquals(List.of(), problems("[[[1]]]", limits));
    assertEquals(
        List.of("line 1, column 4: nested too deeply: at most 3 levels"),
        problems("[[[[1]]]]", limits));
    assertEquals(1, problems("[".repeat(60_000), Limits.FILE).size());
    assertEquals(1, problems("{a: ".repeat(15_000), Limits.FILE).size());
  }

  @Test
  void the_length_is_bounded() {
    assertEquals(List.of(), problems("abcd", new Limits(4, 1)));
    assertEquals(List.of("too long: at most 4 characters"), problems("abcde", new Limits(4, 1)));
  }

  @Test
  void the_number_of_problems_is_bounded() {
    assertEquals(100, problems("a: *x\n".repeat(150)).size());
  }

  private static List<String> problems(String text) {
    return problems(text, Limits.FILE);
  }

  private static List<String> problems(String text, Limits limits) {
    return problemsOf(Document.yaml(text, limits).read(root -> Optional.of("sound")));
  }

  private static List<String> problemsOf(Parsed<?> parsed) {
    return parsed.problems().stream().map(Problem::toString).toList();
  }
}
