package dev.writ.broker.ledger;

import dev.writ.broker.store.DatabaseFailure;

/**
 * The database lacks rows that this node saw: a failover that forgot. SQLSTATE WR001, raised by
 * {@code ledger_lock}.
 */
final class Forgotten {
  static final String TEXT = "the database has lost rows that this node saw";
  private static final String STATE = "WR001";

  private Forgotten() {}

  /** Whether it is this; remembered if so. */
  static boolean is(DatabaseFailure failed, SeenHead seen) {
    boolean forgotten = failed.sqlState().equals(STATE);
    if (forgotten) {
      seen.markLost();
    }
    return forgotten;
  }

  /** The same failure as what callers of the ledger know. */
  static RuntimeException sorted(DatabaseFailure failed, SeenHead seen) {
    return is(failed, seen) ? new LedgerUnavailable(TEXT, failed) : failed;
  }
}
