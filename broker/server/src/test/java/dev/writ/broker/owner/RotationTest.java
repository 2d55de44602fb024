package dev.writ.broker.owner;

import static dev.writ.broker.owner.Owned.LONG_AGO;
import static dev.writ.broker.owner.Owned.at;
import static dev.writ.broker.owner.Owned.berlin;
import static dev.writ.broker.owner.Owned.created;
import static dev.writ.broker.owner.Owned.duty;
import static dev.writ.broker.owner.Owned.person;
import static dev.writ.broker.owner.Owned.rotating;
import static dev.writ.broker.owner.Owned.weekly;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RotationTest {
  private static final Group WEEKLY =
      created(weekly("Mon 09:00 Europe/Berlin", "2026-01-05", "ada", "grace", "linus"), LONG_AGO);

  @Test
  void hands_over_exactly_at_the_instant() {
    Instant handover = berlin("2026-01-12T09:00");

    assertEquals("ada", person(WEEKLY, handover.minusNanos(1)));
    assertEquals("grace", person(WEEKLY, handover));
    assertEquals(
        new Duty.Accountable("grace", handover, berlin("2026-01-19T09:00")),
        duty(WEEKLY, handover));
    assertEquals(handover, duty(WEEKLY, handover.minusNanos(1)).until());
  }

  @Test
  void starts_over_after_the_last_member() {
    assertEquals("linus", person(WEEKLY, berlin("2026-01-19T09:00")));
    assertEquals("ada", person(WEEKLY, berlin("2026-01-26T09:00")));
  }

  @Test
  void names_nobody_before_it_begins() {
    Instant start = berlin("2026-01-05T09:00");

    Duty.Nobody nobody = assertInstanceOf(Duty.Nobody.class, WEEKLY.duty(start.minusNanos(1)));

    assertTrue(nobody.reason().contains("nobody is on duty in group:platform before"));
    assertEquals("ada", person(WEEKLY, start));
  }

  @Test
  void keeps_the_local_hour_when_the_clocks_go_forward_in_berlin() {
    assertEquals(Instant.parse("2026-03-23T08:00:00Z"), berlin("2026-03-23T09:00"));
    assertEquals(
        new Duty.Accountable(
            "linus", Instant.parse("2026-03-23T08:00:00Z"), Instant.parse("2026-03-30T07:00:00Z")),
        duty(WEEKLY, berlin("2026-03-29T12:00")));
  }

  @Test
  void keeps_the_local_hour_when_the_clocks_go_back_in_berlin() {
    assertEquals(
        new Duty.Accountable(
            "linus", Instant.parse("2026-10-19T07:00:00Z"), Instant.parse("2026-10-26T08:00:00Z")),
        duty(WEEKLY, berlin("2026-10-25T12:00")));
  }

  @Test
  void keeps_the_local_hour_both_ways_in_new_york() {
    Group group =
        created(weekly("Sun 12:00 America/New_York", "2026-03-01", "ada", "grace"), LONG_AGO);

    assertEquals(
        Instant.parse("2026-03-08T16:00:00Z"),
        duty(group, at("2026-03-08T03:30", "America/New_York")).until());
    assertEquals(
        Instant.parse("2026-11-01T17:00:00Z"),
        duty(group, at("2026-11-01T00:30", "America/New_York")).until());
  }

  @Test
  void hands_over_when_the_clocks_skip_the_time_of_the_hand_over() {
    Group group =
        created(weekly("Sun 02:30 Europe/Berlin", "2026-03-22", "ada", "grace"), LONG_AGO);
    Instant skipped = Instant.parse("2026-03-29T01:00:00Z");

    assertEquals("ada", person(group, skipped.minusNanos(1)));
    assertEquals("grace", person(group, skipped));
    assertEquals(skipped, duty(group, skipped.minusNanos(1)).until());
  }

  @Test
  void hands_over_once_when_the_clocks_show_the_time_twice() {
    Group group =
        created(weekly("Sun 02:30 Europe/Berlin", "2026-10-18", "ada", "grace"), LONG_AGO);
    Instant first = Instant.parse("2026-10-25T00:30:00Z");

    assertEquals("ada", person(group, first.minusNanos(1)));
    assertEquals("grace", person(group, first));
    assertEquals("grace", person(group, Instant.parse("2026-10-25T01:15:00Z")));
    assertEquals("grace", person(group, Instant.parse("2026-10-25T01:30:00Z")));
  }

  @Test
  void goes_on_over_the_turn_of_a_year_with_53_weeks() {
    Group group =
        created(rotating(2, "Mon 09:00 Europe/Berlin", "2026-12-14", "ada", "grace"), LONG_AGO);

    assertEquals("ada", person(group, berlin("2026-12-28T08:59")));
    assertEquals("grace", person(group, berlin("2026-12-31T23:59")));
    assertEquals("grace", person(group, berlin("2027-01-01T00:00")));
    assertEquals("ada", person(group, berlin("2027-01-11T09:00")));
  }

  @Test
  void hands_over_on_a_day_that_the_zone_left_out() {
    Group group = created(weekly("Fri 09:00 Pacific/Apia", "2011-12-23", "ada", "grace"), LONG_AGO);

    Instant skippedDay = Instant.parse("2011-12-30T10:00:00Z");
    assertEquals("ada", person(group, skippedDay.minusNanos(1)));
    assertEquals("grace", person(group, skippedDay));
  }

  @Test
  void refuses_to_begin_on_another_day_than_that_of_the_hand_over() {
    assertThrows(
        IllegalArgumentException.class,
        () -> weekly("Mon 09:00 Europe/Berlin", "2026-01-06", "ada"));
  }

  @Test
  void reads_and_writes_a_hand_over_the_same() {
    for (String text :
        new String[] {"Mon 09:00 Europe/Berlin", "Sun 23:59 UTC", "Sat 00:00 America/New_York"}) {
      assertEquals(text, Handover.of(text).orElseThrow().toString());
    }
  }

  @Test
  void reads_no_other_way_to_write_a_hand_over() {
    for (String text :
        new String[] {
          "mon 09:00 UTC",
          "Mon 9:00 UTC",
          "Mon 24:00 UTC",
          "Mon 09:60 UTC",
          "Mon 09:00",
          "Mon 09:00 Berlin",
          "Mon  09:00 UTC",
          "Moo 09:00 UTC"
        }) {
      assertEquals(Optional.empty(), Handover.of(text), text);
    }
  }
}
