package dev.writ.broker.owner;

import java.time.Instant;

/** Who answers for an agent at an instant. */
public sealed interface Duty {
  /** Stands for "always was" and "always will be"; PostgreSQL can hold both. */
  Instant BEGINNING = Instant.EPOCH;

  Instant END = Instant.parse("9999-12-31T00:00:00Z");

  /**
   * Exactly one person answers.
   *
   * @param person a user's name, without {@code user:}
   * @param from when this answer began, at the earliest {@link #BEGINNING}
   * @param until the next instant at which the answer may be another, so it holds in {@code [from,
   *     until)}
   */
  record Accountable(String person, Instant from, Instant until) implements Duty {}

  /** Nobody answers, so nothing is issued. */
  record Nobody(String reason) implements Duty {}
}
