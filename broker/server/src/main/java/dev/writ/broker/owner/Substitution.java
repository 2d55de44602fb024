package dev.writ.broker.owner;

import java.time.Instant;

/** Somebody takes over duty in {@code [from, until)}, whoever's turn it is. */
public record Substitution(Instant from, Instant until, String user) {
  public Substitution {
    if (!from.isBefore(until)) {
      throw new IllegalArgumentException("an override must end after it begins");
    }
  }

  @Override
  public String toString() {
    return user + " from " + from + " until " + until;
  }
}
