package dev.writ.broker.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/** What a doctor found, for people: by area, with what to do under what is wrong. */
final class DoctorScreen {
  private static final String INDENT = " ".repeat(8);

  private final JsonNode checks;
  private final Screen screen;

  DoctorScreen(JsonNode checks, Screen screen) {
    this.checks = checks;
    this.screen = screen;
  }

  boolean failed() {
    return count("fail") > 0;
  }

  List<String> lines() {
    List<String> lines = new ArrayList<>();
    String area = "";
    for (JsonNode check : checks) {
      if (!Text.of(check, "area").equals(area)) {
        area = Text.of(check, "area");
        lines.add(screen.bold(area));
      }
      lines.add(
          "  "
              + mark(Text.of(check, "status"))
              + Text.of(check, "subject")
              + ": "
              + Text.of(check, "found"));
      if (Text.has(check, "do")) {
        lines.add(INDENT + Text.of(check, "do"));
      }
    }
    lines.add(summary());
    return lines;
  }

  private String mark(String status) {
    return switch (status) {
      case "fail" -> screen.red("FAIL") + "  ";
      case "warn" -> "warn  ";
      default -> "ok    ";
    };
  }

  private String summary() {
    int warned = count("warn");
    String beside = warned == 0 ? "." : ", " + warned + " to look at.";
    return failed()
        ? "%d of %s failed"
                .formatted(
                    count("fail"), checks.size() == 1 ? "1 check" : checks.size() + " checks")
            + beside
        : "Nothing failed in "
            + (checks.size() == 1 ? "1 check" : checks.size() + " checks")
            + beside;
  }

  private int count(String status) {
    int count = 0;
    for (JsonNode check : checks) {
      count += Text.of(check, "status").equals(status) ? 1 : 0;
    }
    return count;
  }
}
