package dev.writ.broker.store;

import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.Set;

/** Sorts what the driver throws by SQLSTATE (PostgreSQL manual, appendix A). */
final class SqlErrors {
  /** Connection exception, insufficient resources, operator intervention, system error. */
  private static final Set<String> UNAVAILABLE_CLASSES = Set.of("08", "53", "57", "58");

  /**
   * Read-only transaction (a standby), idle in transaction too long, serialization failure,
   * deadlock, lock not available.
   */
  private static final Set<String> UNAVAILABLE_STATES =
      Set.of("25006", "25P03", "40001", "40P01", "55P03");

  private SqlErrors() {}

  /** True where trying again later may help and nothing is wrong with the statement. */
  static boolean isUnavailable(SQLException e) {
    String state = state(e);
    return e instanceof SQLTransientConnectionException
        || (state.length() == 5 && UNAVAILABLE_CLASSES.contains(state.substring(0, 2)))
        || UNAVAILABLE_STATES.contains(state);
  }

  /**
   * True where the connection was lost, so that a statement under way may have been carried out or
   * not.
   */
  static boolean lostConnection(SQLException e) {
    return state(e).startsWith("08") || state(e).startsWith("57P");
  }

  static String state(SQLException e) {
    String state = e.getSQLState();
    return state == null ? "" : state;
  }

  /**
   * What the driver said, with the innermost cause where the pool's or the driver's own words hide
   * it.
   */
  static String reason(SQLException e) {
    Throwable root = e;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    String outer = String.valueOf(e.getMessage());
    String inner = String.valueOf(root.getMessage());
    return outer.contains(inner) ? outer : outer + " (" + inner + ")";
  }
}
