package dev.writ.broker.owner;

import java.time.Instant;

/**
 * An override as a group keeps it: what was written, and since when it counts, because one that was
 * written after it had begun must not change who was accountable before.
 */
record StandIn(Substitution written, Instant since) {
  /** The first instant at which it counts. */
  Instant from() {
    return since.isAfter(written.from()) ? since : written.from();
  }

  Instant until() {
    return written.until();
  }

  boolean covers(Instant instant) {
    return !instant.isBefore(from()) && instant.isBefore(until());
  }

  boolean isSameAs(Substitution other) {
    return written.from().equals(other.from()) && written.user().equals(other.user());
  }

  StandIn endingAt(Instant until) {
    return new StandIn(new Substitution(written.from(), until, written.user()), since);
  }
}
