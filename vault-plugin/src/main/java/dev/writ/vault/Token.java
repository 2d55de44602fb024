package dev.writ.vault;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * What Vault gave for a login.
 *
 * @param lease how long it lives from {@code since} on; zero for ever
 */
record Token(String text, Instant since, Duration lease, boolean renewable) {

  /** When two thirds of its life are over; never for one that does not end. */
  Optional<Instant> renewAt() {
    return lease.isZero()
        ? Optional.empty()
        : Optional.of(since.plus(lease.multipliedBy(2).dividedBy(3)));
  }

  boolean isOver(Instant now) {
    return !lease.isZero() && !now.isBefore(since.plus(lease));
  }

  @Override
  public String toString() {
    return "Token[since=" + since + ", lease=" + lease + ", renewable=" + renewable + "]";
  }
}
