package dev.writ.broker.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Keys, and what became of orders about them, as lines for people. */
final class KeyScreen {
  private final Screen screen;
  private final Times times;

  KeyScreen(Screen screen) {
    this.screen = screen;
    this.times = new Times(screen.zone());
  }

  /** Of the broker's API. */
  static String path(String id) {
    return "/v1/keys/" + URLEncoder.encode(id, StandardCharsets.UTF_8).replace("+", "%20");
  }

  static boolean troubled(JsonNode key) {
    return key.path("overdue").asBoolean() || !Text.of(key, "trouble").isEmpty();
  }

  /** How old the key is that is used; empty where nothing says it. */
  static String age(JsonNode key) {
    JsonNode seconds = key.path("age_seconds");
    return seconds.isNumber() ? period(seconds.asLong()) : "";
  }

  static String next(JsonNode key, Times times) {
    String at = Text.of(key, "next_rotation");
    String overdue = key.path("overdue").asBoolean() ? " (overdue)" : "";
    return at.isEmpty() ? "by hand" : times.utc(at) + overdue;
  }

  private static String period(long seconds) {
    Duration time = Duration.ofSeconds(Math.max(0, seconds));
    if (time.toDays() > 1) {
      return time.toDays() + " days";
    }
    return time.toHours() > 1 ? time.toHours() + " h" : time.toMinutes() + " min";
  }

  /** A key with all its versions. */
  List<String> sheet(JsonNode key) {
    List<String> lines = new ArrayList<>();
    lines.add(screen.bold(Text.of(key, "id")) + "  " + Text.of(key, "purpose"));
    Sheet sheet = new Sheet();
    sheet.add("kept in", Text.of(key, "kept"));
    for (JsonNode version : key.path("versions")) {
      String until = Text.of(version, "until");
      sheet.add(
          Text.of(version, "state"),
          Text.of(version, "id")
              + ", since "
              + times.utc(Text.of(version, "since"))
              + (until.isEmpty() ? "" : ", needed until " + times.utc(until)));
    }
    JsonNode every = key.path("rotates_every_seconds");
    sheet.add(
        "rotates",
        every.isNumber()
            ? "every " + period(every.asLong()) + ", next " + next(key, times)
            : "by hand");
    String trouble = Text.of(key, "trouble");
    sheet.add("trouble", trouble.isEmpty() ? "" : screen.red(trouble));
    lines.addAll(sheet.lines());
    return lines;
  }

  /** What an order came to, and what is left for people to do. */
  List<String> outcome(JsonNode answer) {
    List<String> lines = new ArrayList<>();
    String at = Text.of(answer, "at");
    lines.add(
        screen.bold(Text.of(answer, "id"))
            + ": "
            + Text.of(answer, "result")
            + (at.isEmpty() ? "" : " for " + times.utc(at))
            + ". "
            + Text.of(answer, "detail"));
    Sheet sheet = new Sheet();
    sheet.add("version", Text.of(answer, "version"));
    answer
        .properties()
        .forEach(entry -> {
          if (entry.getKey().equals("distrusted") || entry.getValue().isNumber()) {
            sheet.add(Text.safe(entry.getKey().replace('_', ' ')), Text.of(answer, entry.getKey()));
          }
        });
    lines.addAll(sheet.lines());
    if (!answer.path("steps").isEmpty()) {
      lines.add("What is left to do:");
      answer.path("steps").forEach(step -> lines.add("  - " + Text.safe(step.asText())));
    }
    return lines;
  }
}
