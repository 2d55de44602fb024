package dev.writ.broker.cli;

import com.fasterxml.jackson.databind.JsonNode;

/** Foreign text on its way to a terminal. */
final class Text {
  private Text() {}

  /**
   * The text with everything escaped that a terminal would act on or that would reorder what stands
   * beside it: control characters, line ends, bidirectional and other invisible formatting.
   */
  static String safe(String text) {
    StringBuilder safe = new StringBuilder(text.length());
    text.codePoints().forEach(c -> append(safe, c));
    return safe.toString();
  }

  private static void append(StringBuilder safe, int c) {
    switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED ->
          safe.append("\\u{").append(Integer.toHexString(c)).append('}');
      default -> safe.appendCodePoint(c);
    }
  }

  /** The member as safe text; empty when it is missing or null. */
  static String of(JsonNode object, String member) {
    JsonNode value = object.path(member);
    return value.isMissingNode() || value.isNull() ? "" : safe(value.asText());
  }

  /** Whether the member is there and says something. */
  static boolean has(JsonNode object, String member) {
    return !of(object, member).isEmpty() || object.path(member).isContainerNode();
  }

  /** Cut to at most {@code length} characters, the last three of which then say so. */
  static String cut(String text, int length) {
    return text.length() <= length ? text : text.substring(0, length - 3) + "...";
  }
}
