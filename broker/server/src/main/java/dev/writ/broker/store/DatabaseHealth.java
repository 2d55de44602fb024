package dev.writ.broker.store;

import java.time.Duration;

/** Whether the database can be used now. Only {@link Ready} makes a node ready. */
public sealed interface DatabaseHealth {
  /**
   * How far the node's clock and the database's may be apart. Tokens are dated by the node and
   * judged by the database.
   */
  Duration CLOCK_OFFSET_MAX = Duration.ofSeconds(5);

  /**
   * The database answers, accepts writes, and agrees on the time.
   *
   * @param clockOffset the database's clock minus the node's, exact to half a round trip
   */
  record Ready(Duration clockOffset) implements DatabaseHealth {}

  /** The database answers, but the clocks are further apart than {@link #CLOCK_OFFSET_MAX}. */
  record ClockOff(Duration clockOffset) implements DatabaseHealth {}

  /** The database answers, but accepts no writes: a standby, or one that recovers. */
  record ReadOnly() implements DatabaseHealth {}

  /** The database did not answer in time, or refused the connection. */
  record Unreachable(String why) implements DatabaseHealth {}

  /** Judges a measured offset: the limit itself is still allowed. */
  static DatabaseHealth ofClock(Duration offset) {
    return offset.abs().compareTo(CLOCK_OFFSET_MAX) > 0 ? new ClockOff(offset) : new Ready(offset);
  }
}
