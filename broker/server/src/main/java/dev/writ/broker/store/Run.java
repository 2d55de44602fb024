package dev.writ.broker.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import javax.sql.DataSource;

/**
 * One piece of work on one connection, with its limit, and with what it means when it fails at each
 * stage.
 */
final class Run {
  /** Even a run that waited long for its connection gets this much for its statement. */
  private static final Duration STATEMENT_MIN = Duration.ofMillis(100);

  private enum Stage {
    /** Nothing that was done can have lasted. */
    UNDONE,
    /** A lost connection leaves open whether it lasted. */
    LASTING
  }

  private final DataSource pool;
  private final long deadline;
  private Stage stage = Stage.UNDONE;

  Run(DataSource pool, Duration limit) {
    this.pool = pool;
    this.deadline = System.nanoTime() + limit.toNanos();
  }

  <T> T inTransaction(Work<T> work) {
    return on(connection -> {
      connection.setAutoCommit(false);
      try {
        T result = work.run(new Session(connection));
        stage = Stage.LASTING;
        connection.commit();
        return result;
      } catch (SQLException | RuntimeException | Error e) {
        rollBack(connection, e);
        throw e;
      }
    });
  }

  <T> T autoCommit(Work<T> work) {
    return on(connection -> {
      stage = Stage.LASTING;
      return work.run(new Session(connection));
    });
  }

  private interface Step<T> {
    T run(Connection connection) throws SQLException;
  }

  private <T> T on(Step<T> step) {
    try (Connection connection = pool.getConnection()) {
      limitReads(connection);
      return step.run(connection);
    } catch (SQLException e) {
      throw sorted(e);
    }
  }

  private void limitReads(Connection connection) throws SQLException {
    long left = Math.max((deadline - System.nanoTime()) / 1_000_000, STATEMENT_MIN.toMillis());
    connection.setNetworkTimeout(Runnable::run, Math.toIntExact(left));
  }

  private RuntimeException sorted(SQLException e) {
    if (e.getCause() instanceof InterruptedException) {
      Thread.currentThread().interrupt();
    }
    if (!SqlErrors.isUnavailable(e)) {
      return new DatabaseFailure(e);
    }
    boolean mayHaveCommitted = stage == Stage.LASTING && SqlErrors.lostConnection(e);
    return new DatabaseUnavailable(
        "The database does not answer: " + SqlErrors.reason(e), mayHaveCommitted, e);
  }

  private static void rollBack(Connection connection, Throwable cause) {
    try {
      connection.rollback();
    } catch (SQLException e) {
      cause.addSuppressed(e);
    }
  }
}
