package dev.writ.broker.owner;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.format.TextStyle;
import java.time.zone.ZoneOffsetTransition;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * When duty passes on: a day of the week and a time on the clocks of a zone, written {@code Mon
 * 09:00 Europe/Berlin}.
 */
public record Handover(DayOfWeek day, LocalTime time, ZoneId zone) {
  static final String EXPECTED = "a day, time and zone such as \"Mon 09:00 Europe/Berlin\"";

  private static final Pattern FORM =
      Pattern.compile("([A-Z][a-z]{2}) ([01][0-9]|2[0-3]):([0-5][0-9]) ([A-Za-z0-9_+/-]{1,64})");

  /** The hand-over that {@code text} writes. */
  public static Optional<Handover> of(String text) {
    Matcher matcher = FORM.matcher(text);
    if (!matcher.matches() || !ZoneId.getAvailableZoneIds().contains(matcher.group(4))) {
      return Optional.empty();
    }
    LocalTime time =
        LocalTime.of(Integer.parseInt(matcher.group(2)), Integer.parseInt(matcher.group(3)));
    return Arrays.stream(DayOfWeek.values())
        .filter(day -> word(day).equals(matcher.group(1)))
        .findFirst()
        .map(day -> new Handover(day, time, ZoneId.of(matcher.group(4))));
  }

  /**
   * The first instant of {@code date} at which the clocks show the time or a later one. Where they
   * skip it, that is the moment they are put forward; where they show it twice, the first of the
   * two.
   */
  Instant on(LocalDate date) {
    LocalDateTime local = date.atTime(time);
    ZoneOffsetTransition transition = zone.getRules().getTransition(local);
    return transition != null && transition.isGap()
        ? transition.getInstant()
        : local.atZone(zone).toInstant();
  }

  private static String word(DayOfWeek day) {
    return day.getDisplayName(TextStyle.SHORT, Locale.ENGLISH);
  }

  @Override
  public String toString() {
    return word(day) + " " + time + " " + zone;
  }
}
