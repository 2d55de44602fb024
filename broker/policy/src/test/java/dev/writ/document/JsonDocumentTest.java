package dev.writ.document;

import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class JsonDocumentTest {

  @Test
  void places_are_json_pointers() {
    assertEquals(
        List.of(
            "/list/1: expected text, got true; put it in quotes if text is meant",
            "/list/2: expected text, got nothing",
            "/a~1b~0c: unknown key \"a/b~c\"; known here: list"),
        read(
            "{\"list\":[\"x\",true,null],\"a/b~c\":1}",
            root -> {
              root.fields("list").required("list").items(9).forEach(item -> item.string(9));
              return Optional.of("");
            }));
  }

  @Test
  void the_whole_document_has_the_empty_pointer() {
    Parsed<String> parsed =
        Document.json("[]", Limits.REQUEST)
            .read(root -> {
              root.fields("a").required("a");
              return Optional.of("");
            });
    assertEquals(
        List.of(new Problem("", "expected a mapping with a, got a list")), parsed.problems());
  }

  @Test
  void a_duplicate_member_is_a_problem_even_when_escaped_differently() {
    assertEquals(List.of("/a: duplicate key \"a\""), problems("{\"a\":1,\"\\u0061\":1}"));
  }

  @Test
  void what_is_not_json_is_a_problem_that_does_not_repeat_it() {
    for (String text :
        List.of(
            "{\"a\":hunter2}",
            "hunter2",
            "{'a':1}",
            "[1,]",
            "{\"a\":1}x",
            "[1] [2]",
            "{\"a\"",
            "01",
            "+1",
            "NaN",
            "\"\t\"",
            "\"hunter2",
            "//\n1")) {
      List<String> problems = problems(text);
      assertEquals(1, problems.size(), text);
      assertFalse(problems.get(0).contains("hunter2"), problems.get(0));
    }
  }

  @Test
  void an_empty_document_is_a_problem() {
    assertEquals(List.of("the document is empty"), problems("  "));
  }

  @Test
  void numbers_are_bounded_and_never_rounded() {
    for (String number : List.of("1e400", "1.0", "9223372036854775808", "-1", "11", "1e1")) {
      assertEquals(
          List.of("expected a whole number from 0 to 10, got the number " + number),
          read(number, root -> root.integer(0, 10)));
    }
    assertEquals(1, problems("1".repeat(2_000)).size());
    assertEquals(List.of(), read("10", root -> root.integer(0, 10)));
    assertEquals(List.of(), read("0", root -> root.integer(0, 10)));
  }

  @Test
  void the_depth_is_32_for_requests() {
    assertEquals(List.of(), problems("[".repeat(32) + "]".repeat(32)));
    assertEquals(1, problems("[".repeat(33) + "]".repeat(33)).size());
    assertEquals(1, problems("[".repeat(65_536)).size());
    assertEquals(1, problems("{\"a\":".repeat(13_000)).size());
  }

  @Test
  void bytes_must_be_utf_8_without_a_byte_order_mark() {
    assertEquals(List.of(), bytes("\"é\"".getBytes(UTF_8)));
    assertEquals(List.of("not UTF-8"), bytes(new byte[] {'"', (byte) 0xC3, '"'}));
    assertEquals(1, bytes("\uFEFF\"a\"".getBytes(UTF_8)).size());
    assertEquals(1, bytes("\"a\"".getBytes(UTF_16LE)).size());
  }

  private static List<String> problems(String text) {
    return read(text, root -> Optional.of("sound"));
  }

  private static List<String> bytes(byte[] utf8) {
    return Document.json(utf8, Limits.REQUEST)
        .read(root -> Optional.of("sound"))
        .problems()
        .stream()
        .map(Problem::toString)
        .toList();
  }

  private static <T> List<String> read(
      String text, java.util.function.Function<Value, Optional<T>> shape) {
    return Document.json(text, Limits.REQUEST).read(shape).problems().stream()
        .map(Problem::toString)
        .toList();
  }
}
