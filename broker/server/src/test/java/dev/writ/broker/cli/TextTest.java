package dev.writ.broker.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class TextTest {
  @Test
  void plain_text_of_any_script_stays_as_it_is() {
    assertEquals("fix #4711 für Zoë 日本 🙂", Text.safe("fix #4711 für Zoë 日本 🙂"));
  }

  @Test
  void what_a_terminal_acts_on_or_nobody_sees_is_escaped() {
    assertEquals("\\u{1b}[31m", Text.safe("\u001b[31m"));
    assertEquals("\\u{9b}31m", Text.safe("\u009b31m"));
    assertEquals("a\\u{a}b\\u{d}", Text.safe("a\nb\r"));
    assertEquals("\\u{202e}\\u{2066}\\u{200b}\\u{feff}", Text.safe("\u202e\u2066\u200b\ufeff"));
    assertEquals("\\u{2028}\\u{d800}", Text.safe("\u2028\ud800"));
  }

  @Test
  void a_cut_text_keeps_to_its_length() {
    assertEquals("abcdef", Text.cut("abcdef", 6));
    assertEquals("abc...", Text.cut("abcdefg", 6));
  }
}
