package dev.writ.broker.owner;

import static dev.writ.broker.owner.Owned.created;
import static dev.writ.broker.owner.Owned.duty;
import static dev.writ.broker.owner.Owned.edited;
import static dev.writ.broker.owner.Owned.person;
import static dev.writ.broker.owner.Owned.utc;
import static dev.writ.broker.owner.Owned.weekly;
import static dev.writ.broker.owner.Owned.with;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class GroupEditTest {
  private static final GroupDefinition ADA_GRACE =
      weekly("Mon 09:00 UTC", "2026-01-05", "ada", "grace");
  private static final GroupDefinition LINUS = weekly("Mon 09:00 UTC", "2026-01-05", "linus");
  private static final Instant START = utc("2026-01-05T09:00");
  private static final Instant TUESDAY = utc("2026-01-06T12:00");
  private static final Instant HANDOVER = utc("2026-01-12T09:00");
  private static final Group GROUP = created(ADA_GRACE, START);

  @Test
  void takes_other_members_at_the_next_hand_over() {
    Group after = edited(GROUP.edited(LINUS, TUESDAY));

    assertEquals(new Duty.Accountable("ada", START, HANDOVER), duty(after, TUESDAY));
    assertEquals("ada", person(after, HANDOVER.minusNanos(1)));
    assertEquals("linus", person(after, HANDOVER));
    assertEquals(2, after.version());
    assertEquals(List.of("linus"), after.members());
  }

  @Test
  void takes_another_rotation_at_the_next_hand_over_of_the_present_one() {
    GroupDefinition wednesdays = weekly("Wed 12:00 UTC", "2026-01-07", "grace", "ada");
    Group after = edited(GROUP.edited(wednesdays, TUESDAY));

    assertEquals("ada", person(after, utc("2026-01-07T12:00")));
    assertEquals(
        new Duty.Accountable("grace", HANDOVER, utc("2026-01-14T12:00")), duty(after, HANDOVER));
    assertEquals("ada", person(after, utc("2026-01-14T12:00")));
  }

  @Test
  void goes_on_with_the_present_rotation_until_a_later_one_begins() {
    GroupDefinition february = weekly("Mon 09:00 UTC", "2026-02-02", "linus");
    Group after = edited(GROUP.edited(february, TUESDAY));

    assertEquals("grace", person(after, HANDOVER));
    assertEquals("linus", person(after, utc("2026-02-02T09:00")));
    assertEquals(utc("2026-02-02T09:00"), duty(after, utc("2026-02-02T08:59")).until());
  }

  @Test
  void replaces_an_edit_that_does_not_count_yet() {
    Group once = edited(GROUP.edited(LINUS, TUESDAY));
    Group twice =
        edited(
            once.edited(weekly("Mon 09:00 UTC", "2026-01-05", "barbara"), TUESDAY.plusSeconds(1)));

    assertEquals("ada", person(twice, HANDOVER.minusNanos(1)));
    assertEquals("barbara", person(twice, HANDOVER));
  }

  @Test
  void takes_an_edit_back_before_it_counts() {
    Group back =
        edited(edited(GROUP.edited(LINUS, TUESDAY)).edited(ADA_GRACE, TUESDAY.plusSeconds(1)));

    assertEquals("grace", person(back, HANDOVER));
    assertEquals(3, back.version());
  }

  @Test
  void is_the_same_group_where_nothing_was_edited() {
    assertSame(GROUP, edited(GROUP.edited(ADA_GRACE, TUESDAY)));
    Group pending = edited(GROUP.edited(LINUS, TUESDAY));
    assertSame(pending, edited(pending.edited(LINUS, TUESDAY.plusSeconds(60))));
  }

  @Test
  void takes_an_edit_at_once_while_nobody_has_been_on_duty_yet() {
    Instant before = START.minus(Duration.ofDays(10));
    Group early = created(ADA_GRACE, before);
    Group after = edited(early.edited(weekly("Mon 09:00 UTC", "2025-12-01", "linus"), before));

    assertInstanceOf(Duty.Nobody.class, after.duty(before.minusNanos(1)));
    assertEquals("linus", person(after, before));
  }

  @Test
  void lets_an_override_win_from_its_beginning_to_before_its_end() {
    Instant from = utc("2026-01-08T00:00");
    Instant until = utc("2026-01-14T00:00");
    Group group = created(with(ADA_GRACE, new Substitution(from, until, "linus")), START);

    assertEquals(new Duty.Accountable("ada", START, from), duty(group, from.minusNanos(1)));
    assertEquals(new Duty.Accountable("linus", from, until), duty(group, from));
    assertEquals("linus", person(group, until.minusNanos(1)));
    assertEquals(new Duty.Accountable("grace", until, utc("2026-01-19T09:00")), duty(group, until));
  }

  @Test
  void refuses_a_new_override_that_lies_in_the_past_and_says_which() {
    Substitution past = new Substitution(START, TUESDAY, "grace");

    GroupEdit.Rejected rejected =
        assertInstanceOf(GroupEdit.Rejected.class, GROUP.edited(with(ADA_GRACE, past), TUESDAY));

    assertEquals(
        List.of(
            "group platform: the override of grace from 2026-01-05T09:00:00Z until 2026-01-06T12:00:00Z"
                + " lies in the past and is new or changed; remove it"),
        rejected.problems());
    assertInstanceOf(
        GroupEdit.Edited.class, GROUP.edited(with(ADA_GRACE, past), TUESDAY.minusNanos(1)));
  }

  @Test
  void lets_a_past_override_stay_in_the_document_or_leave_it_and_remembers_it() {
    Substitution past = new Substitution(START, TUESDAY, "grace");
    Group group = created(with(ADA_GRACE, past), START);
    Instant later = TUESDAY.plusSeconds(1);

    assertSame(group, edited(group.edited(with(ADA_GRACE, past), later)));
    Group removed = edited(group.edited(ADA_GRACE, later));
    assertEquals("grace", person(removed, TUESDAY.minusNanos(1)));
  }

  @Test
  void refuses_to_change_a_past_override() {
    Group group = created(with(ADA_GRACE, new Substitution(START, TUESDAY, "grace")), START);

    GroupEdit edit =
        group.edited(
            with(ADA_GRACE, new Substitution(START, TUESDAY, "linus")), TUESDAY.plusSeconds(1));

    assertInstanceOf(GroupEdit.Rejected.class, edit);
  }

  @Test
  void ends_an_override_at_once_when_it_is_removed_and_can_take_it_back_up() {
    Substitution running = new Substitution(START, HANDOVER, "grace");
    Group group = created(with(ADA_GRACE, running), START);

    Group removed = edited(group.edited(ADA_GRACE, TUESDAY));
    assertEquals("grace", person(removed, TUESDAY.minusNanos(1)));
    assertEquals("ada", person(removed, TUESDAY));

    Group back = edited(removed.edited(with(ADA_GRACE, running), TUESDAY.plusSeconds(10)));
    assertEquals("ada", person(back, TUESDAY.plusSeconds(9)));
    assertEquals("grace", person(back, TUESDAY.plusSeconds(10)));
  }

  @Test
  void counts_an_override_that_began_before_it_was_written_from_then_on() {
    Substitution running = new Substitution(START, HANDOVER, "grace");
    Group group = edited(GROUP.edited(with(ADA_GRACE, running), TUESDAY));

    assertEquals("ada", person(group, TUESDAY.minusNanos(1)));
    assertEquals(new Duty.Accountable("grace", TUESDAY, HANDOVER), duty(group, TUESDAY));
    assertSame(group, edited(group.edited(with(ADA_GRACE, running), TUESDAY.plusSeconds(5))));
  }

  @Test
  void never_changes_what_was_by_any_sequence_of_edits() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    Group group = GROUP;
    Instant now = START;
    for (int i = 0; i < 300; i++) {
      now = now.plus(Duration.ofMinutes(random.nextInt(20_000)));
      Group before = group;
      if (before.edited(randomDefinition(random, now), now)
          instanceof GroupEdit.Edited(Group next)) {
        group = next;
        for (int k = 0; k < 40; k++) {
          Instant past = now.minusSeconds(1 + random.nextInt(4_000_000));
          assertEquals(
              who(before, past),
              who(next, past),
              "seed " + seed + ", edit " + i + " at " + now + ", asked for " + past);
        }
      }
    }
    assertTrue(group.version() > 100);
    assertEquals(group, GroupJson.read(GroupJson.write(group)));
  }

  private static GroupDefinition randomDefinition(Random random, Instant now) {
    String day = random.nextBoolean() ? "Mon" : "Thu";
    String from = day.equals("Mon") ? "2026-01-05" : "2026-01-08";
    GroupDefinition group =
        weekly(
            day + " 0" + random.nextInt(10) + ":00 Europe/Berlin",
            from,
            random.nextBoolean() ? "ada" : "grace",
            "linus");
    Instant start = now.plus(Duration.ofHours(random.nextInt(100) - 50L));
    return random.nextBoolean()
        ? group
        : with(
            group,
            new Substitution(
                start,
                start.plus(Duration.ofHours(1 + random.nextInt(200))),
                "cover" + random.nextInt(3)));
  }

  private static String who(Group group, Instant instant) {
    return switch (group.duty(instant)) {
      case Duty.Accountable accountable -> accountable.person();
      case Duty.Nobody _ -> "nobody";
    };
  }
}
