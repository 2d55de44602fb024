package dev.writ.broker.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.ZoneId;
import org.junit.jupiter.api.Test;

class TimesTest {
  private static final Times BERLIN = new Times(ZoneId.of("Europe/Berlin"));
  private static final Times TOKYO = new Times(ZoneId.of("Asia/Tokyo"));
  private static final Times UTC = new Times(ZoneId.of("UTC"));

  @Test
  void tells_a_time_in_utc_and_in_the_local_zone() {
    assertEquals("2026-07-01 10:02 UTC (12:02 Europe/Berlin)", BERLIN.at("2026-07-01T10:02:00Z"));
    assertEquals(
        "2026-11-23 10:02:03 UTC (11:02:03 Europe/Berlin)", BERLIN.at("2026-11-23T10:02:03.9Z"));
    assertEquals("2026-11-23 10:02 UTC", UTC.at("2026-11-23T11:02:00+01:00"));
  }

  @Test
  void names_the_local_day_where_it_is_another() {
    assertEquals(
        "2026-11-23 23:30 UTC (2026-11-24 00:30 Europe/Berlin)", BERLIN.at("2026-11-23T23:30:00Z"));
  }

  @Test
  void names_the_day_of_a_span_once_if_it_is_one_day_everywhere() {
    assertEquals(
        "from 10:02 to 10:17 UTC (11:02 to 11:17 Europe/Berlin) on 2026-11-23",
        BERLIN.between("2026-11-23T10:02:00Z", "2026-11-23T10:17:00Z"));
    assertEquals(
        "from 2026-11-23 15:02 UTC (2026-11-24 00:02 Asia/Tokyo)"
            + " to 2026-11-23 15:17 UTC (2026-11-24 00:17 Asia/Tokyo)",
        TOKYO.between("2026-11-23T15:02:00Z", "2026-11-23T15:17:00Z"));
  }

  @Test
  void what_is_no_time_is_shown_as_it_came() {
    assertEquals("soon\\u{1b}", UTC.at("soon\u001b"));
    assertEquals("", UTC.utc(""));
  }
}
