package dev.writ.document;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class ValueTest {

  @Test
  void text_is_bounded_and_not_empty() {
    assertEquals(List.of(), problems("\"abc\"", value -> value.string(3)));
    assertEquals(
        List.of("expected 1 to 3 characters, got 4"),
        problems("\"abcd\"", value -> value.string(3)));
    assertEquals(
        List.of("expected 1 to 3 characters, got 0"), problems("\"\"", value -> value.string(3)));
    assertEquals(
        List.of("expected 1 to 3 characters, got 0"), problems("\"\"", value -> value.prose(3)));
  }

  @Test
  void one_line_of_text_has_no_character_that_hides_reorders_or_breaks() {
    for (String escape :
        List.of(
            "0000", "0009", "000a", "001b", "007f", "0085", "200e", "202e", "2066", "2028", "2029",
            "d800")) {
      assertEquals(
          List.of("the character U+" + escape.toUpperCase() + " is not allowed"),
          problems("\"a\\u" + escape + "b\"", value -> value.string(9)));
    }
    assertEquals(List.of(), problems("\"Zo\\u00eb \\ud83d\\ude00\"", value -> value.string(9)));
  }

  @Test
  void several_lines_may_have_newlines_and_tabs_only() {
    assertEquals(List.of(), problems("\"a\\n\\tb\"", value -> value.prose(9)));
    assertEquals(
        List.of("the character U+000D is not allowed"),
        problems("\"a\\rb\"", value -> value.prose(9)));
    assertEquals(
        List.of("the character U+202E is not allowed"),
        problems("\"a\\u202eb\"", value -> value.prose(9)));
  }

  @Test
  void a_problem_repeats_foreign_text_short_and_escaped() {
    assertEquals(
        List.of("expected a letter, got \"" + "\\u001b".repeat(80) + "...\""),
        problems(
            "\"" + "\\u001b".repeat(81) + "\"",
            value -> value.parsed("a letter", text -> Optional.empty())));
  }

  @Test
  void durations_have_bounds_that_are_included() {
    Function<Value, Optional<Duration>> hourToDay =
        value -> value.duration(Duration.ofHours(1), Duration.ofHours(24));
    assertEquals(List.of(), problems("\"60m\"", hourToDay));
    assertEquals(List.of(), problems("\"1d\"", hourToDay));
    assertEquals(List.of("expected 1h to 24h, got 3599s"), problems("\"3599s\"", hourToDay));
    assertEquals(List.of("expected 1h to 24h, got 86401s"), problems("\"86401s\"", hourToDay));
    assertEquals(
        List.of("expected a duration such as 12h, 90m, 900s or 7d, got \"1h30m\""),
        problems("\"1h30m\"", hourToDay));
    assertEquals(
        List.of(
            "expected a duration such as 12h, 90m, 900s or 7d, got the number 60; put it in quotes if text is meant"),
        problems("60", hourToDay));
  }

  @Test
  void printed_durations_read_back_the_same() {
    Map<Long, String> forms =
        Map.of(
            0L, "0s", 59L, "59s", 60L, "1m", 900L, "15m", 3600L, "1h", 5400L, "90m", 86400L, "24h",
            172800L, "2d");
    forms.forEach((seconds, form) -> {
      assertEquals(form, Durations.print(Duration.ofSeconds(seconds)));
      assertEquals(Optional.of(Duration.ofSeconds(seconds)), Durations.parse(form));
    });
    for (String wrong : List.of("", "h", "1", "01h", "-1h", "1H", "1 h", "1.5h", "1234567890s")) {
      assertEquals(Optional.empty(), Durations.parse(wrong), wrong);
    }
  }

  @Test
  void lists_and_mappings_are_bounded() {
    assertEquals(List.of(), problems("[1,2]", value -> Optional.of(value.items(2))));
    assertEquals(
        List.of("too many: at most 2, got 3"),
        problems("[1,2,3]", value -> Optional.of(value.items(2))));
    assertEquals(
        List.of("too many: at most 1, got 2"),
        problems("{\"a\":1,\"b\":2}", value -> Optional.of(value.entries(1))));
    assertEquals(List.of(), problems("{\"a\":1,\"b\":2}", value -> Optional.of(value.entries(2))));
  }

  @Test
  void a_choice_names_the_nearest() {
    assertEquals(
        List.of("expected one of read, write, got \"wirte\"; did you mean \"write\"?"),
        problems("\"wirte\"", value -> value.oneOf(List.of("read", "write"))));
    assertEquals(List.of(), problems("\"read\"", value -> value.oneOf(List.of("read", "write"))));
  }

  @Test
  void an_absent_value_gives_nothing_and_notes_nothing() {
    assertEquals(
        List.of(),
        problems(
            "{}",
            root -> {
              Value absent = root.fields("a").optional("a");
              assertFalse(absent.isPresent());
              assertEquals(Optional.empty(), absent.string(1));
              assertEquals(Optional.empty(), absent.bool());
              assertEquals(Optional.empty(), absent.integer(0, 1));
              assertEquals(Optional.empty(), absent.duration(Duration.ZERO, Duration.ZERO));
              assertEquals(List.of(), absent.items(1));
              assertEquals(Map.of(), absent.entries(1));
              absent.fields("b").required("b");
              return Optional.of("");
            }));
  }

  @Test
  void a_key_with_nothing_after_it_is_present() {
    assertEquals(
        List.of("expected a list, got nothing"),
        problems("{\"a\":null}", root -> Optional.of(root.fields("a").required("a").items(1))));
  }

  @Test
  void a_value_is_built_only_from_a_sound_document() {
    assertEquals(
        List.of("expected true or false, got \"x\""),
        problems(
            "\"x\"",
            root -> {
              root.bool();
              return root.whenSound(() -> {
                throw new AssertionError("built from a broken document");
              });
            }));
  }

  @Test
  void asking_for_a_key_that_was_not_declared_is_a_mistake_of_the_program() {
    assertThrows(
        IllegalArgumentException.class,
        () -> problems("{}", root -> Optional.of(root.fields("a").optional("b"))));
  }

  @Test
  void the_nearest_name_is_near() {
    List<String> known = List.of("contents", "issues", "pull_requests");
    assertEquals(Optional.of("contents"), Nearest.to("content", known));
    assertEquals(Optional.of("pull_requests"), Nearest.to("Pull-Request", known));
    assertEquals(Optional.empty(), Nearest.to("zzz", known));
    assertEquals(Optional.empty(), Nearest.to("contents".repeat(9), known));
    assertTrue(Nearest.hint("isues", known).contains("\"issues\""));
  }

  @Test
  void readings_give_what_stands_there() {
    assertEquals(Optional.of("abc"), read("\"abc\"", value -> value.string(3)));
    assertEquals(Optional.of("a\nb"), read("\"a\\nb\"", value -> value.prose(3)));
    assertEquals(Optional.of(7L), read("7", value -> value.integer(7, 7)));
    assertEquals(Optional.of(true), read("true", Value::bool));
    assertEquals(
        Optional.of(Duration.ofMinutes(90)),
        read("\"90m\"", value -> value.duration(Duration.ZERO, Duration.ofDays(1))));
    assertEquals(Optional.of("read"), read("\"read\"", value -> value.oneOf(List.of("read"))));
    assertEquals(Optional.of(2), read("[1,2]", value -> Optional.of(value.items(2).size())));
    assertEquals(Optional.of(1), read("\"x\"", value -> Optional.of(value.itemsOrOne(2).size())));
    assertEquals(
        Optional.of(List.of("b", "a")),
        read("{\"b\":1,\"a\":2}", value -> Optional.of(List.copyOf(value.entries(2).keySet()))));
  }

  @Test
  void a_parsed_value_can_be_changed_and_a_report_has_a_line_for_each_problem() {
    Parsed<Long> seven = Document.json("7", Limits.REQUEST).read(value -> value.integer(0, 9));
    assertEquals(new Parsed.Valid<>("7"), seven.map(String::valueOf));
    Parsed<Long> broken =
        new Parsed.Invalid<>(List.of(new Problem("/a", "x"), new Problem("", "y")));
    assertEquals(broken.problems(), broken.map(String::valueOf).problems());
    assertEquals("/a: x\ny", ((Parsed.Invalid<Long>) broken).report());
    assertThrows(IllegalStateException.class, broken::orElseThrow);
    assertThrows(IllegalArgumentException.class, () -> new Parsed.Invalid<>(List.of()));
  }

  private static <T> Optional<T> read(String json, Function<Value, Optional<T>> shape) {
    return Optional.of(Document.json(json, Limits.REQUEST).read(shape).orElseThrow());
  }

  private static <T> List<String> problems(String json, Function<Value, Optional<T>> shape) {
    return Document.json(json, Limits.REQUEST).read(shape).problems().stream()
        .map(Problem::message)
        .toList();
  }
}
