package dev.writ.broker.ledger;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.UUID;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Administrative acts: launch, enrol, kill, and every change to policies, owners and keys. Each is
 * one transaction that holds the head lock from its first statement to its commit, so that it
 * stands in one order with every exchange.
 */
public final class Acts {
  private final DataSource database;
  private final SeenHead seen;

  public Acts(DataSource database, SeenHead seen) {
    this.database = database;
    this.seen = seen;
  }

  /** What is done under the lock. Whatever it throws rolls everything back. */
  @FunctionalInterface
  public interface Work<T> {
    T run(Act act) throws SQLException;
  }

  /**
   * Runs the work under the head lock and commits.
   *
   * @throws LedgerUnavailable if the database does not answer; after a lost commit the act may have
   *     happened
   */
  public <T> T act(Work<T> work) {
    try (Connection connection = database.getConnection()) {
      connection.setAutoCommit(false);
      try {
        Act act = lock(connection);
        T result = work.run(act);
        connection.commit();
        if (act.sequence > 0) {
          seen.advance(act.sequence, act.hash);
        }
        return result;
      } catch (Throwable undo) {
        rollBack(connection, undo);
        throw undo;
      } finally {
        restore(connection);
      }
    } catch (SQLException failed) {
      throw new LedgerUnavailable("the database did not do it: " + failed.getSQLState(), failed);
    }
  }

  private Act lock(Connection connection) throws SQLException {
    SeenHead.Head head = seen.get();
    try (PreparedStatement lock =
        connection.prepareStatement("SELECT authority, at FROM ledger_lock(?, ?)")) {
      lock.setLong(1, head.sequence());
      lock.setBytes(2, head.hash());
      try (ResultSet row = lock.executeQuery()) {
        row.next();
        return new Act(
            connection, row.getLong(1), row.getObject(2, OffsetDateTime.class).toInstant());
      }
    }
  }

  private static void rollBack(Connection connection, Throwable cause) {
    try {
      connection.rollback();
    } catch (SQLException gone) {
      cause.addSuppressed(gone);
    }
  }

  private static void restore(Connection connection) {
    try {
      connection.setAutoCommit(true);
    } catch (SQLException gone) {
      // The pool finds out by itself; the commit or its failure has already been told.
    }
  }

  /** One act under way. */
  public static final class Act {
    private final Connection connection;
    private final long authority;
    private final Instant at;
    private long sequence;
    private byte[] hash = new byte[0];

    private Act(Connection connection, long authority, Instant at) {
      this.connection = connection;
      this.authority = authority;
      this.at = at;
    }

    public Connection connection() {
      return connection;
    }

    /** Ledger sequence of the last change to policies, owners or keys. */
    public long authority() {
      return authority;
    }

    /** The database's clock, taken under the lock. */
    public Instant at() {
      return at;
    }

    /** A row that says what was done. */
    public long record(Note note) throws SQLException {
      return record(note, false);
    }

    /**
     * A row after which every node judges by a fresh snapshot. What the act changes carries this
     * sequence.
     *
     * @return the row's sequence
     */
    public long recordChange(Note note) throws SQLException {
      return record(note, true);
    }

    private long record(Note note, boolean changesAuthority) throws SQLException {
      try (PreparedStatement add =
          connection.prepareStatement("SELECT sequence, hash FROM ledger_add(?, ?, ?, ?, ?, ?)")) {
        add.setString(1, note.kind());
        add.setObject(2, Uuids.next());
        add.setObject(3, note.agent());
        add.setObject(4, note.writ());
        add.setString(5, note.body());
        add.setBoolean(6, changesAuthority);
        try (ResultSet row = add.executeQuery()) {
          row.next();
          sequence = row.getLong(1);
          hash = row.getBytes(2);
          return sequence;
        }
      }
    }
  }

  /**
   * What a row of an act says.
   *
   * @param kind one word: launch, enrol, kill, policy, owner, key …
   * @param body JSON object
   */
  public record Note(String kind, @Nullable UUID agent, @Nullable UUID writ, String body) {}
}
