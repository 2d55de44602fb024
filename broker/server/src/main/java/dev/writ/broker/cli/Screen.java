package dev.writ.broker.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.time.ZoneId;
import java.util.List;

/** Where a command writes: text for people, or one JSON object for programs. */
final class Screen {
  private static final String RED = "\u001b[31m";
  private static final String BOLD = "\u001b[1m";
  private static final String PLAIN = "\u001b[0m";

  private final Surroundings surroundings;

  Screen(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  /** A line of our own words; foreign words in it have gone through {@link Text}. */
  void line(String text) {
    surroundings.out().println(text);
  }

  void lines(List<String> lines) {
    lines.forEach(this::line);
  }

  /** A line beside the result, on standard error. */
  void aside(String text) {
    surroundings.err().println(text);
  }

  /** One object, in UTF-8 whatever the locale (RFC 8259 section 8.1). */
  void json(JsonNode object) {
    byte[] bytes = OwnJson.write(object).getBytes(StandardCharsets.UTF_8);
    surroundings.out().write(bytes, 0, bytes.length);
    surroundings.out().write('\n');
    surroundings.out().flush();
  }

  /** For dangers. */
  String red(String text) {
    return surroundings.colour() ? RED + text + PLAIN : text;
  }

  String bold(String text) {
    return surroundings.colour() ? BOLD + text + PLAIN : text;
  }

  boolean unicode() {
    return surroundings.unicode();
  }

  ZoneId zone() {
    return surroundings.zone();
  }
}
