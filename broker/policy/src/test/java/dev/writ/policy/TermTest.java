package dev.writ.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class TermTest {
  private static final Duration AWS_MIN = Duration.ofSeconds(900);

  @Test
  void is_the_least_of_request_policy_and_all_remaining_lives() {
    assertEquals(seconds(100), Term.of(asked(100), s(200), lives(300, 400), s(1)));
    assertEquals(seconds(200), Term.of(asked(300), s(200), lives(300, 400), s(1)));
    assertEquals(seconds(300), Term.of(asked(500), s(600), lives(400, 300), s(1)));
    assertEquals(seconds(200), Term.of(Optional.empty(), s(200), lives(300), s(1)));
    assertEquals(seconds(300), Term.of(Optional.empty(), s(400), lives(300), s(1)));
  }

  @Test
  void is_whole_seconds_rounded_down() {
    assertEquals(
        seconds(1), Term.of(Optional.empty(), s(9), List.of(Duration.ofMillis(1999)), s(1)));
  }

  @Test
  void is_never_less_than_a_second() {
    for (long millis : new long[] {999, 0, -1, -5000}) {
      assertTrue(
          Term.of(Optional.empty(), s(9), List.of(Duration.ofMillis(millis)), Duration.ZERO)
              instanceof Term.TooShort);
    }
  }

  @Test
  void less_than_the_target_can_give_is_refused() {
    assertEquals(seconds(900), Term.of(asked(900), s(3600), lives(3600), AWS_MIN));
    Denial denial = refused(Term.of(asked(899), s(3600), lives(1800), AWS_MIN));
    assertEquals(Denial.Code.ACCESS_DENIED, denial.code());
    assertEquals("ttl", denial.rule().word());
    assertEquals(List.of(Map.of("requested_ttl", 899L)), denial.requested());
    assertEquals(List.of(Map.of("ttl_min", 900L, "ttl_max", 1800L)), denial.allowed());
    assertTrue(denial.hint().contains("at least that"), denial.hint());
  }

  @Test
  void says_so_when_nothing_that_could_be_asked_for_would_do() {
    assertEquals(seconds(900), Term.of(Optional.empty(), s(3600), lives(900), AWS_MIN));
    Denial denial = refused(Term.of(Optional.empty(), s(3600), lives(899), AWS_MIN));
    assertEquals(List.of(), denial.allowed());
    assertTrue(denial.hint().contains("extend the agent"), denial.hint());
  }

  @Test
  void an_agent_without_a_life_is_a_mistake_of_the_program() {
    assertThrows(IllegalArgumentException.class, () -> Term.of(asked(1), s(1), List.of(), s(1)));
  }

  private static Denial refused(Term term) {
    if (term instanceof Term.TooShort tooShort) {
      return tooShort.denial();
    }
    throw new AssertionError("granted: " + term);
  }

  private static Term seconds(long seconds) {
    return new Term.For(s(seconds));
  }

  private static Duration s(long seconds) {
    return Duration.ofSeconds(seconds);
  }

  private static Optional<Duration> asked(long seconds) {
    return Optional.of(s(seconds));
  }

  private static List<Duration> lives(long... seconds) {
    return LongStream.of(seconds).mapToObj(Duration::ofSeconds).toList();
  }
}
