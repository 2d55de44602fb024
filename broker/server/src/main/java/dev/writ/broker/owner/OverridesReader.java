package dev.writ.broker.owner;

import dev.writ.document.Fields;
import dev.writ.document.Value;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Reads a group's overrides. */
final class OverridesReader {
  private static final String TIME =
      "a time such as 2026-12-24T09:00:00+01:00, or without its offset or as a date alone in the zone of the hand-over";
  private static final int YEAR_MIN = 1971;
  private static final int YEAR_MAX = 2199;

  private record Written(Value value, Substitution override) {}

  private OverridesReader() {}

  /**
   * @param zone of times without an offset
   * @param user reads the name of a user who exists
   */
  static List<Substitution> read(Value value, ZoneId zone, Function<Value, Optional<String>> user) {
    List<Written> overrides = new ArrayList<>();
    for (Value item : value.items(GroupDefinition.OVERRIDES_MAX)) {
      override(item, zone, user).ifPresent(override -> overrides.add(new Written(item, override)));
    }
    overrides.sort(Comparator.comparing(one -> one.override().from()));
    refuseOverlap(overrides);
    return overrides.stream().map(Written::override).toList();
  }

  private static Optional<Substitution> override(
      Value value, ZoneId zone, Function<Value, Optional<String>> user) {
    Fields fields = value.fields("from", "until", "user");
    Optional<Instant> from = time(fields.required("from"), zone);
    Optional<Instant> until = time(fields.required("until"), zone);
    Optional<String> name = user.apply(fields.required("user"));
    if (from.isPresent() && until.isPresent() && !from.get().isBefore(until.get())) {
      fields.optional("until").problem("an override must end after it begins");
      return Optional.empty();
    }
    return from.flatMap(
        start -> until.flatMap(end -> name.map(person -> new Substitution(start, end, person))));
  }

  private static Optional<Instant> time(Value value, ZoneId zone) {
    return value.parsed(TIME, text -> withOffset(text).or(() -> local(text, zone)));
  }

  private static Optional<Instant> withOffset(String text) {
    try {
      OffsetDateTime time = OffsetDateTime.parse(text);
      return isSane(time.getYear()) ? Optional.of(time.toInstant()) : Optional.empty();
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  private static Optional<Instant> local(String text, ZoneId zone) {
    try {
      LocalDateTime time = LocalDateTime.parse(text);
      return isSane(time.getYear()) ? Optional.of(time.atZone(zone).toInstant()) : Optional.empty();
    } catch (DateTimeException e) {
      return RotationReader.date(text).map(date -> date.atStartOfDay(zone).toInstant());
    }
  }

  private static boolean isSane(int year) {
    return YEAR_MIN <= year && year <= YEAR_MAX;
  }

  private static void refuseOverlap(List<Written> sorted) {
    for (int i = 1; i < sorted.size(); i++) {
      Substitution before = sorted.get(i - 1).override();
      if (sorted.get(i).override().from().isBefore(before.until())) {
        sorted.get(i).value().problem("this override overlaps that of " + before);
      }
    }
  }
}
