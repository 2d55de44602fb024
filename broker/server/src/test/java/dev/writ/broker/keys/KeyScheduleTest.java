package dev.writ.broker.keys;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class KeyScheduleTest {

  private static final Instant START = Instant.parse("2026-11-23T10:00:00Z");
  private static final Duration AHEAD = Duration.ofHours(24);
  private static final Duration LONGEST = Duration.ofMinutes(61);
  private static final KeySchedule.Timing TIMING = new KeySchedule.Timing(AHEAD, LONGEST);

  private final VerificationKey first = key();
  private final VerificationKey second = key();
  private final VerificationKey third = key();
  private final KeySchedule fresh = KeySchedule.first(KeySlot.TOKEN, first, START);

  @Test
  void promotes_a_successor_exactly_when_it_was_published_long_enough() {
    KeySchedule scheduled = fresh.schedule(second, START);
    Instant ripe = START.plus(AHEAD);
    assertEquals(
        new KeySchedule.Promotion.Unripe(ripe), scheduled.promote(ripe.minusNanos(1), TIMING));
    KeySchedule promoted = promoted(scheduled.promote(ripe, TIMING));
    assertEquals(second, promoted.current().key());
    assertEquals(ripe, promoted.current().since());
    assertEquals(Optional.empty(), promoted.next());
  }

  @Test
  void promotes_at_once_when_told_to_and_keeps_what_the_old_key_signed() {
    KeySchedule promoted = promoted(fresh.schedule(second, START).promoteNow(START, TIMING));
    assertEquals(second, promoted.current().key());
    assertEquals(List.of(new KeySchedule.Retired(first, START.plus(LONGEST))), promoted.retired());
    assertEquals(Set.of(), promoted.distrusted());
  }

  @Test
  void cannot_promote_what_is_not_there() {
    assertEquals(new KeySchedule.Promotion.NoSuccessor(), fresh.promote(START, TIMING));
    assertEquals(new KeySchedule.Promotion.NoSuccessor(), fresh.promoteNow(START, TIMING));
  }

  @Test
  void keeps_the_first_successor_when_a_second_is_scheduled() {
    KeySchedule scheduled = fresh.schedule(second, START);
    assertEquals(scheduled, scheduled.schedule(third, START.plusSeconds(60)));
  }

  @Test
  void drops_a_retired_key_exactly_when_nothing_it_signed_lives() {
    KeySchedule promoted = promoted(fresh.schedule(second, START).promoteNow(START, TIMING));
    Instant spent = START.plus(LONGEST);
    assertEquals(1, promoted.dropSpent(spent.minusNanos(1)).retired().size());
    assertEquals(0, promoted.dropSpent(spent).retired().size());
  }

  @Test
  void lists_the_most_recently_retired_first() {
    KeySchedule once = promoted(fresh.schedule(second, START).promoteNow(START, TIMING));
    Instant later = START.plusSeconds(60);
    KeySchedule twice = promoted(once.schedule(third, later).promoteNow(later, TIMING));
    assertEquals(
        List.of(second, first), twice.retired().stream().map(KeySchedule.Retired::key).toList());
  }

  @Test
  void distrusting_the_current_key_lets_the_successor_sign_at_once() {
    KeySchedule scheduled = fresh.schedule(second, START);
    KeySchedule after = distrusted(scheduled.distrust(first.kid(), Optional.of(third), START));
    assertEquals(second, after.current().key());
    assertEquals(Optional.empty(), after.next());
    assertEquals(List.of(), after.retired());
    assertEquals(Set.of(first.kid()), after.distrusted());
  }

  @Test
  void distrusting_the_only_key_needs_a_replacement() {
    assertEquals(
        new KeySchedule.Distrust.NeedsReplacement(),
        fresh.distrust(first.kid(), Optional.empty(), START));
    KeySchedule after = distrusted(fresh.distrust(first.kid(), Optional.of(second), START));
    assertEquals(second, after.current().key());
  }

  @Test
  void distrusting_a_successor_or_a_retired_key_removes_it_and_nothing_else() {
    KeySchedule promoted = promoted(fresh.schedule(second, START).promoteNow(START, TIMING));
    KeySchedule scheduled = promoted.schedule(third, START);
    KeySchedule without = distrusted(scheduled.distrust(third.kid(), Optional.empty(), START));
    assertEquals(Optional.empty(), without.next());
    assertEquals(second, without.current().key());
    KeySchedule none = distrusted(without.distrust(first.kid(), Optional.empty(), START));
    assertEquals(List.of(), none.retired());
    assertEquals(Set.of(first.kid(), third.kid()), none.distrusted());
  }

  @Test
  void does_not_distrust_what_it_does_not_know() {
    assertEquals(
        new KeySchedule.Distrust.Unknown(),
        fresh.distrust(second.kid(), Optional.of(third), START));
  }

  @Test
  void never_takes_a_key_back() {
    KeySchedule promoted = promoted(fresh.schedule(second, START).promoteNow(START, TIMING));
    assertThrows(IllegalArgumentException.class, () -> promoted.schedule(first, START));
    assertThrows(IllegalArgumentException.class, () -> promoted.schedule(second, START));
    KeySchedule after = distrusted(fresh.distrust(first.kid(), Optional.of(second), START));
    assertThrows(IllegalArgumentException.class, () -> after.schedule(first, START));
    assertThrows(
        IllegalArgumentException.class,
        () -> fresh.distrust(first.kid(), Optional.of(first), START));
  }

  private static KeySchedule promoted(KeySchedule.Promotion promotion) {
    return assertInstanceOf(KeySchedule.Promotion.Promoted.class, promotion).schedule();
  }

  private static KeySchedule distrusted(KeySchedule.Distrust distrust) {
    return assertInstanceOf(KeySchedule.Distrust.Distrusted.class, distrust).schedule();
  }

  private static VerificationKey key() {
    return TestKeys.tokenKey(KeySlot.TOKEN, START).verification();
  }
}
