package dev.writ.document;

import java.util.Optional;
import java.util.function.IntPredicate;

/**
 * Which characters text may have: none that hides, reorders or breaks what a person or a log shows.
 */
final class Characters {
  private Characters() {}

  /** What is wrong with {@code text} as one line. */
  static Optional<String> line(String text) {
    return complaint(text, c -> !forbidden(c));
  }

  /** What is wrong with {@code text} as several lines. */
  static Optional<String> prose(String text) {
    return complaint(text, c -> c == '\n' || c == '\t' || !forbidden(c));
  }

  private static Optional<String> complaint(String text, IntPredicate allowed) {
    return text.codePoints()
        .filter(allowed.negate())
        .mapToObj(c -> String.format("the character U+%04X is not allowed", c))
        .findFirst();
  }

  /**
   * Control characters, lone surrogates, line separators, and those that change the direction of
   * text.
   */
  private static boolean forbidden(int c) {
    int type = Character.getType(c);
    return type == Character.CONTROL
        || type == Character.SURROGATE
        || type == Character.LINE_SEPARATOR
        || type == Character.PARAGRAPH_SEPARATOR
        || c == 0x200E
        || c == 0x200F
        || (0x202A <= c && c <= 0x202E)
        || (0x2066 <= c && c <= 0x2069);
  }
}
