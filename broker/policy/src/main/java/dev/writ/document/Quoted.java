package dev.writ.document;

/**
 * Foreign text inside our messages: in quotes, short, and without characters that a terminal or a
 * log would act on.
 */
public final class Quoted {
  private static final int LENGTH_MAX = 80;

  private Quoted() {}

  /**
   * {@code text} in double quotes, at most 80 characters of it, everything unprintable or not ASCII
   * escaped.
   */
  public static String of(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    shorten(text).chars().forEach(c -> append(quoted, (char) c));
    return quoted.append('"').toString();
  }

  static String shorten(String text) {
    return text.length() <= LENGTH_MAX ? text : text.substring(0, LENGTH_MAX) + "...";
  }

  private static void append(StringBuilder quoted, char c) {
    if (c == '"' || c == '\\') {
      quoted.append('\\').append(c);
    } else if (c < ' ' || c > '~') {
      quoted.append(String.format("\\u%04x", (int) c));
    } else {
      quoted.append(c);
    }
  }
}
