package dev.writ.broker.owner;

import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;

/**
 * How duty goes round: everybody has it for {@code weeks} weeks on end, counted on the clocks of
 * the hand-over's zone.
 *
 * @param weeks 1 to 52
 * @param from the day of the first hand-over, a day of the week on which duty is handed over
 */
public record Rotation(int weeks, Handover handover, LocalDate from) {
  static final int WEEKS_MAX = 52;

  public Rotation {
    if (weeks < 1 || weeks > WEEKS_MAX) {
      throw new IllegalArgumentException("weeks must be 1 to " + WEEKS_MAX + ", not " + weeks);
    }
    if (from.getDayOfWeek() != handover.day()) {
      throw new IllegalArgumentException(
          from + " is not the day of the hand-over, " + handover.day());
    }
  }

  /** When the first turn begins. */
  Instant start() {
    return handover.on(from);
  }

  /** Turn number {@code n}, from 0, begins here. */
  Instant start(long turn) {
    return handover.on(from.plusWeeks(turn * weeks));
  }

  /** The turn that an instant falls in; negative before {@link #start()}. */
  long turn(Instant instant) {
    LocalDate day = instant.atZone(handover.zone()).toLocalDate();
    long guess = Math.floorDiv(ChronoUnit.DAYS.between(from, day), 7L * weeks);
    // The guess counts days; on a day of hand-over the time of day, and how clocks are put forward
    // or back, decide.
    long turn = guess + 1;
    while (start(turn).isAfter(instant)) {
      turn--;
    }
    return turn;
  }
}
