package dev.writ.broker.ledger;

import dev.writ.broker.store.DatabaseFailure;

/**
 * The database lacks rows that this node saw: a failover that forgot. SQLSTATE WR001, raised by
 * {@code ledger_lock}.
 */
final class Forgotten {
  private static final String STATE = "WR001";

  private Forgotten() {}

  static boolean is(DatabaseFailure failed) {
    return failed.sqlState().equals(STATE);
  }

  /** The same failure as what callers of the ledger know. */
  static RuntimeException sorted(DatabaseFailure failed) {
    return is(failed)
        ? new LedgerUnavailable("the database has lost rows that this node saw", failed)
        : failed;
  }
}
