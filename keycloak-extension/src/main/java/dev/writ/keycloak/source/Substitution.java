package dev.writ.keycloak.source;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Somebody takes over duty in {@code [start, end)}, whoever's turn it is.
 *
 * @param text as it was written
 */
record Substitution(Instant start, Instant end, String user, String text) {
  private static final Pattern FORM = Pattern.compile("([^/ ]{10,40})/([^/ ]{10,40}) +(.{1,255})");
  private static final String EXPECTED =
      "expected <from>/<until> <user>, such as 2026-12-24T09:00:00+01:00/2026-12-27T09:00:00+01:00 grace";

  /**
   * Reads {@code <from>/<until> <user>}; what is wrong is noted.
   *
   * @param zone of times without an offset
   */
  static Optional<Substitution> read(
      String text, ZoneId zone, Set<String> users, List<String> complaints) {
    Matcher matcher = FORM.matcher(text);
    Optional<Instant> from = matcher.matches() ? time(matcher.group(1), zone) : Optional.empty();
    Optional<Instant> until = matcher.matches() ? time(matcher.group(2), zone) : Optional.empty();
    if (from.isEmpty() || until.isEmpty() || !from.get().isBefore(until.get())) {
      complaints.add("writ.override: " + EXPECTED + ", got " + text);
      return Optional.empty();
    }
    String user = matcher.group(3).strip();
    if (!users.contains(user)) {
      complaints.add("writ.override: " + user + " is no enabled user of this realm");
      return Optional.empty();
    }
    return Optional.of(new Substitution(from.get(), until.get(), user, text));
  }

  private static Optional<Instant> time(String text, ZoneId zone) {
    try {
      return Optional.of(OffsetDateTime.parse(text).toInstant());
    } catch (DateTimeException withoutOffset) {
      return local(text, zone);
    }
  }

  private static Optional<Instant> local(String text, ZoneId zone) {
    try {
      LocalDateTime time =
          text.contains("T") ? LocalDateTime.parse(text) : LocalDate.parse(text).atStartOfDay();
      return Optional.of(time.atZone(zone).toInstant());
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  Map<String, Object> view() {
    Map<String, Object> view = new LinkedHashMap<>();
    view.put("from", start.toString());
    view.put("until", end.toString());
    view.put("user", user);
    return view;
  }
}
