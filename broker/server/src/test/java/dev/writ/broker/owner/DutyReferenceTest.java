package dev.writ.broker.owner;

import static dev.writ.broker.owner.Owned.LONG_AGO;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.temporal.TemporalAdjusters;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Random groups, compared at every minute of weeks around a change of clocks with a clock watcher
 * that knows nothing of instants of hand-over: it hands over when the local clock first shows the
 * time or a later one on the day or a later one.
 */
class DutyReferenceTest {
  private static final String[] ZONES = {
    "Europe/Berlin",
    "America/New_York",
    "Australia/Lord_Howe",
    "Asia/Kolkata",
    "America/Sao_Paulo",
    "Africa/Casablanca"
  };
  private static final List<String> MEMBERS = List.of("ada", "grace", "linus", "barbara", "edsger");
  private static final Duration WATCHED = Duration.ofDays(40);

  @Test
  void says_the_same_as_a_clock_watcher_at_every_minute() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int round = 0; round < 24; round++) {
      GroupDefinition definition = definition(random);
      compare(definition, "seed " + seed + ", round " + round + ", " + definition);
    }
  }

  private static GroupDefinition definition(Random random) {
    String zone = ZONES[random.nextInt(ZONES.length)];
    String day = List.of("Mon", "Wed", "Sat", "Sun").get(random.nextInt(4));
    // Often in the hours in which clocks are changed.
    String time =
        "%02d:%02d".formatted(random.nextInt(random.nextBoolean() ? 4 : 24), random.nextInt(60));
    Handover handover = Handover.of(day + " " + time + " " + zone).orElseThrow();
    LocalDate near =
        LocalDate.of(
            2024 + random.nextInt(6), random.nextBoolean() ? 3 : 10, 1 + random.nextInt(28));
    LocalDate from = near.with(TemporalAdjusters.nextOrSame(handover.day()));
    List<String> members = MEMBERS.subList(0, 1 + random.nextInt(MEMBERS.size()));
    Instant start = handover.on(from);
    return new GroupDefinition(
        "g",
        members,
        new Rotation(1 + random.nextInt(3), handover, from),
        overrides(random, start));
  }

  private static List<Substitution> overrides(Random random, Instant start) {
    List<Substitution> overrides = new ArrayList<>();
    Instant next = start.minus(Duration.ofHours(random.nextInt(30)));
    for (int i = random.nextInt(4); i > 0; i--) {
      Instant from = next.plus(Duration.ofMinutes(random.nextInt(8000)));
      next = from.plus(Duration.ofMinutes(1 + random.nextInt(6000)));
      overrides.add(new Substitution(from, next, "cover" + i));
    }
    return overrides;
  }

  private static void compare(GroupDefinition definition, String context) {
    Group group = Owned.created(definition, LONG_AGO);
    ClockWatcher watcher = new ClockWatcher(definition);
    Instant begin = definition.rotation().start().minus(Duration.ofDays(1));
    Instant stop = begin.plus(WATCHED);
    Optional<Duty.Accountable> said = Optional.empty();
    for (Instant now = begin; now.isBefore(stop); now = now.plusSeconds(60)) {
      Duty duty = group.duty(now);
      Optional<String> expected = watcher.at(now);
      Instant instant = now;
      assertEquals(expected, person(duty), () -> context + " at " + instant);
      if (duty instanceof Duty.Accountable accountable) {
        assertTrue(
            !accountable.from().isAfter(now) && now.isBefore(accountable.until()),
            () -> context + " at " + instant);
        // Within what was said to hold, the same is said.
        said.filter(before -> instant.isBefore(before.until()))
            .ifPresent(
                before -> assertEquals(before, accountable, () -> context + " at " + instant));
        said = Optional.of(accountable);
      }
    }
  }

  private static Optional<String> person(Duty duty) {
    return switch (duty) {
      case Duty.Accountable accountable -> Optional.of(accountable.person());
      case Duty.Nobody _ -> Optional.empty();
    };
  }

  /** Looks at a wall clock once a minute. */
  private static final class ClockWatcher {
    private final GroupDefinition definition;
    private LocalDateTime next;
    private int turns;

    ClockWatcher(GroupDefinition definition) {
      this.definition = definition;
      this.next = definition.rotation().from().atTime(definition.rotation().handover().time());
    }

    Optional<String> at(Instant now) {
      LocalDateTime clock = LocalDateTime.ofInstant(now, definition.rotation().handover().zone());
      if (!clock.isBefore(next)) {
        next = next.plusWeeks(definition.rotation().weeks());
        turns++;
      }
      Optional<String> cover =
          definition.overrides().stream()
              .filter(one -> !now.isBefore(one.from()) && now.isBefore(one.until()))
              .map(Substitution::user)
              .findFirst();
      return cover.or(() ->
          turns == 0
              ? Optional.empty()
              : Optional.of(definition.members().get((turns - 1) % definition.members().size())));
    }
  }
}
