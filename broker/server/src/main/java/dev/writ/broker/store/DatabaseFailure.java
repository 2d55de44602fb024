package dev.writ.broker.store;

import java.sql.SQLException;

/**
 * The database refused a statement: a violated constraint, or a defect of the broker. The
 * transaction was rolled back.
 */
public final class DatabaseFailure extends RuntimeException {
  private final String sqlState;

  DatabaseFailure(SQLException cause) {
    super("The database refused a statement (SQLSTATE " + cause.getSQLState() + ").", cause);
    this.sqlState = cause.getSQLState() == null ? "" : cause.getSQLState();
  }

  /** The five-character SQLSTATE (PostgreSQL manual, appendix A), or an empty text. */
  public String sqlState() {
    return sqlState;
  }

  /** True for {@code unique_violation}, the refusal that callers expect. */
  public boolean isUniqueViolation() {
    return sqlState.equals("23505");
  }
}
