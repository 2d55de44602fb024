package dev.writ.keycloak.admin;

import dev.writ.keycloak.http.Answers;
import dev.writ.keycloak.store.Version;
import jakarta.ws.rs.core.Response;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Tells who was quicker. */
final class Conflicts {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm 'UTC'", Locale.ROOT).withZone(ZoneOffset.UTC);

  private Conflicts() {}

  static Response of(String name, int expected, Optional<Version> current) {
    int now = current.map(Version::version).orElse(0);
    return Answers.conflict(
        current
                .map(version -> happened(version))
                .orElseGet(() -> "There is no policy " + name + ".")
            + advice(expected, current),
        Map.of("current", now));
  }

  private static String happened(Version version) {
    String comment = version.comment().isEmpty() ? "" : " (" + version.comment() + ")";
    return "%s was %s as version %d by %s on %s%s;"
        .formatted(
            version.name(),
            version.deleted() ? "deleted" : "saved",
            version.version(),
            person(version.author()),
            TIME.format(version.at()),
            comment);
  }

  private static String person(String author) {
    return author.startsWith("user:") ? author.substring("user:".length()) : author;
  }

  private static String advice(int expected, Optional<Version> current) {
    if (current.isEmpty()) {
      return " To make it, save it as a new one (expected 0).";
    }
    String had =
        expected == 0 ? " you were making a new one." : " you had opened version " + expected + ".";
    return had + " Compare, then save again.";
  }
}
