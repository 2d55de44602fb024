package dev.writ.broker.metrics;

import java.util.Locale;

/** Why there was no verdict on a ledger row. */
public enum AppendFailure {
  /** Too many rows wait already. */
  QUEUE_FULL,
  /** The database did not answer in time. */
  TIMEOUT,
  /** The database could not be reached, or rejected the row. */
  DATABASE,
  /** The database has lost rows that this node saw. */
  LOST,
  /** The node is stopping. */
  STOPPING;

  /** As metrics write it. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
