package dev.writ.broker.cli;

import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.Optional;

/** Times for people: in UTC, which records use, and in the zone of who reads. */
final class Times {
  private static final DateTimeFormatter DAY = DateTimeFormatter.ISO_LOCAL_DATE;
  private static final DateTimeFormatter MINUTE = DateTimeFormatter.ofPattern("HH:mm", Locale.ROOT);
  private static final DateTimeFormatter SECOND =
      DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT);

  private final ZoneId zone;

  Times(ZoneId zone) {
    this.zone = zone;
  }

  /** {@code 2026-11-23 10:02 UTC (11:02 Europe/Berlin)}; what is no time stays as it is. */
  String at(String rfc3339) {
    return parse(rfc3339).map(this::at).orElse(Text.safe(rfc3339));
  }

  String at(Instant instant) {
    ZonedDateTime utc = instant.atZone(ZoneOffset.UTC);
    return DAY.format(utc) + " " + clock(utc) + " UTC" + local(utc, utc.withZoneSameInstant(zone));
  }

  /** {@code 2026-11-23 10:02 UTC}, for tables; empty and what is no time stay as they are. */
  String utc(String rfc3339) {
    return parse(rfc3339)
        .map(instant -> instant.atZone(ZoneOffset.UTC))
        .map(utc -> DAY.format(utc) + " " + MINUTE.format(utc) + " UTC")
        .orElse(Text.safe(rfc3339));
  }

  /** {@code from 10:02 to 10:17 UTC (11:02 to 11:17 Europe/Berlin) on 2026-11-23}. */
  String between(String from, String until) {
    Optional<Instant> start = parse(from);
    Optional<Instant> end = parse(until);
    if (start.isEmpty() || end.isEmpty()) {
      return "from " + at(from) + " to " + at(until);
    }
    ZonedDateTime utcStart = start.get().atZone(ZoneOffset.UTC);
    ZonedDateTime utcEnd = end.get().atZone(ZoneOffset.UTC);
    ZonedDateTime localStart = utcStart.withZoneSameInstant(zone);
    ZonedDateTime localEnd = utcEnd.withZoneSameInstant(zone);
    if (!utcStart.toLocalDate().equals(utcEnd.toLocalDate())
        || !localStart.toLocalDate().equals(utcStart.toLocalDate())
        || !localEnd.toLocalDate().equals(utcStart.toLocalDate())) {
      return "from " + at(start.get()) + " to " + at(end.get());
    }
    String local =
        isUtc() ? "" : " (" + clock(localStart) + " to " + clock(localEnd) + " " + zone + ")";
    return "from "
        + clock(utcStart)
        + " to "
        + clock(utcEnd)
        + " UTC"
        + local
        + " on "
        + DAY.format(utcStart);
  }

  /** The local half; with its day where that is another one. */
  private String local(ZonedDateTime utc, ZonedDateTime local) {
    if (isUtc()) {
      return "";
    }
    String day = local.toLocalDate().equals(utc.toLocalDate()) ? "" : DAY.format(local) + " ";
    return " (" + day + clock(local) + " " + zone + ")";
  }

  private boolean isUtc() {
    return zone.normalized().equals(ZoneOffset.UTC);
  }

  /** Minutes are enough for people unless the seconds say something. */
  private static String clock(ZonedDateTime time) {
    return (time.getSecond() == 0 ? MINUTE : SECOND).format(time);
  }

  private static Optional<Instant> parse(String rfc3339) {
    try {
      return Optional.of(DateTimeFormatter.ISO_OFFSET_DATE_TIME.parse(rfc3339, Instant::from));
    } catch (DateTimeParseException e) {
      return Optional.empty();
    }
  }
}
