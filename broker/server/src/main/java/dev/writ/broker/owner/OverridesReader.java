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
  private static final int YEAR_MAX = 2199;

  private OverridesReader() {}

  /**
   * @param user reads the name of a user who exists
   */
  static List<Substitution> read(
      Value value, Optional<Handover> handover, Function<Value, Optional<String>> user) {
    List<Substitution> overrides = new ArrayList<>();
    for (Value item : value.items(GroupDefinition.OVERRIDES_MAX)) {
      override(item, handover.map(Handover::zone), user).ifPresent(overrides::add);
    }
    overrides.sort(Comparator.comparing(Substitution::from));
    refuseOverlap(value, overrides);
    return overrides;
  }

  private static Optional<Substitution> override(
      Value value, Optional<ZoneId> zone, Function<Value, Optional<String>> user) {
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

  private static Optional<Instant> time(Value value, Optional<ZoneId> zone) {
    return value.parsed(
        TIME, text -> withOffset(text).or(() -> zone.flatMap(id -> local(text, id))));
  }

  private static Optional<Instant> withOffset(String text) {
    try {
      OffsetDateTime time = OffsetDateTime.parse(text);
      return time.getYear() < 0 || time.getYear() > YEAR_MAX
          ? Optional.empty()
          : Optional.of(time.toInstant());
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  private static Optional<Instant> local(String text, ZoneId zone) {
    try {
      return Optional.of(LocalDateTime.parse(text).atZone(zone).toInstant());
    } catch (DateTimeException e) {
      return RotationReader.date(text).map(date -> date.atStartOfDay(zone).toInstant());
    }
  }

  private static void refuseOverlap(Value value, List<Substitution> sorted) {
    for (int i = 1; i < sorted.size(); i++) {
      if (sorted.get(i).from().isBefore(sorted.get(i - 1).until())) {
        value.problem("two overrides overlap: " + sorted.get(i - 1) + ", and " + sorted.get(i));
      }
    }
  }
}
