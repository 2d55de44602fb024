package dev.writ.broker.ledger;

import java.time.Instant;

/** Times as the ledger hashes and compares them: microseconds since 1970-01-01T00:00:00Z. */
final class Micros {
  /** About the years 68 and 9892. */
  private static final long SECONDS_MIN = -60_000_000_000L;

  private static final long SECONDS_MAX = 250_000_000_000L;

  private Micros() {}

  /** Rounds down, and saturates: the far ends of a duty have no exact place. */
  static long of(Instant instant) {
    long seconds = Math.clamp(instant.getEpochSecond(), SECONDS_MIN, SECONDS_MAX);
    return seconds * 1_000_000 + instant.getNano() / 1_000;
  }

  static Instant instant(long micros) {
    return Instant.ofEpochSecond(
        Math.floorDiv(micros, 1_000_000L), Math.floorMod(micros, 1_000_000L) * 1_000L);
  }
}
