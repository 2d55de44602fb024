package dev.writ.keycloak.source;

import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.format.TextStyle;
import java.time.temporal.TemporalAdjusters;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How duty goes round in a group. Without a word it passes on weekly, on Mondays at 00:00 UTC,
 * counted from 2026-01-05.
 *
 * @param weeks 1 to 52
 * @param handover such as {@code Mon 09:00 Europe/Berlin}
 * @param from the day of the first hand-over, a day of the week on which duty is handed over
 */
record Rotation(int weeks, String handover, LocalDate from) {
  static final String HANDOVER = "Mon 00:00 UTC";
  static final LocalDate FROM = LocalDate.of(2026, 1, 5);
  static final int WEEKS_MAX = 52;

  private static final Pattern FORM =
      Pattern.compile("([A-Z][a-z]{2}) ([01][0-9]|2[0-3]):[0-5][0-9] ([A-Za-z0-9_+/-]{1,64})");

  /** The day of the week that a hand-over names, if it is one. */
  static Optional<DayOfWeek> day(String handover) {
    Matcher matcher = FORM.matcher(handover);
    if (!matcher.matches() || !ZoneId.getAvailableZoneIds().contains(matcher.group(3))) {
      return Optional.empty();
    }
    return Arrays.stream(DayOfWeek.values())
        .filter(day -> day.getDisplayName(TextStyle.SHORT, Locale.ENGLISH).equals(matcher.group(1)))
        .findFirst();
  }

  /** The first such day from the usual beginning on. */
  static LocalDate usualFrom(DayOfWeek day) {
    return FROM.with(TemporalAdjusters.nextOrSame(day));
  }

  ZoneId zone() {
    return ZoneId.of(handover.substring(handover.lastIndexOf(' ') + 1));
  }

  Map<String, Object> view() {
    Map<String, Object> view = new LinkedHashMap<>();
    view.put("weeks", weeks);
    view.put("handover", handover);
    view.put("from", from.toString());
    return view;
  }
}
