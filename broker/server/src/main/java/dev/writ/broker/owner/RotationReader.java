package dev.writ.broker.owner;

import dev.writ.document.Fields;
import dev.writ.document.Value;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.temporal.TemporalAdjusters;
import java.util.Optional;

/** Reads a rotation, in documents and in stored groups alike. */
final class RotationReader {
  private static final LocalDate FROM_MIN = LocalDate.of(1970, 1, 1);
  private static final LocalDate FROM_MAX = LocalDate.of(2199, 12, 31);

  private RotationReader() {}

  static Optional<Rotation> rotation(Value value) {
    Fields fields = value.fields("weeks", "handover", "from");
    Optional<Long> weeks = fields.required("weeks").integer(1, Rotation.WEEKS_MAX);
    Optional<Handover> handover =
        fields.required("handover").parsed(Handover.EXPECTED, Handover::of);
    Value fromValue = fields.required("from");
    Optional<LocalDate> from = fromValue.parsed("a date such as 2026-01-05", RotationReader::date);
    if (handover.isEmpty() || from.isEmpty() || !isOnDay(fromValue, handover.get(), from.get())) {
      return Optional.empty();
    }
    return weeks.map(count -> new Rotation(Math.toIntExact(count), handover.get(), from.get()));
  }

  private static boolean isOnDay(Value value, Handover handover, LocalDate from) {
    boolean isOnDay = from.getDayOfWeek() == handover.day();
    if (!isOnDay) {
      value.problem(
          "the rotation must begin on its day of hand-over ("
              + handover
              + "): "
              + from
              + " is not one, "
              + from.with(TemporalAdjusters.previous(handover.day()))
              + " and "
              + from.with(TemporalAdjusters.next(handover.day()))
              + " are");
    }
    return isOnDay;
  }

  static Optional<LocalDate> date(String text) {
    try {
      LocalDate date = LocalDate.parse(text);
      return date.isBefore(FROM_MIN) || date.isAfter(FROM_MAX)
          ? Optional.empty()
          : Optional.of(date);
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }
}
