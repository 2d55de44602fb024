package dev.writ.broker.store;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;

/**
 * The one database of a deployment: a bounded pool of connections, at READ COMMITTED, on which
 * short pieces of work run.
 *
 * <p>Every piece of work has a limit, one second unless it names another. A database that is down
 * or hangs makes its callers fail with {@link DatabaseUnavailable} within it; statements that the
 * server refuses are {@link DatabaseFailure}. Nothing is retried here: after a lost commit only the
 * caller knows what to look up.
 *
 * <p>Safe for use by many threads. Close it after the last piece of work has ended.
 */
public final class Database implements AutoCloseable {
  /** Where the schema's migrations lie on the class path. */
  static final String MIGRATIONS = "db/migration";

  /** What callers of the broker are promised: an answer, if only a 503, within a second. */
  private static final Duration LIMIT = Duration.ofMillis(950);

  private static final Duration FACTS_LIMIT = Duration.ofSeconds(5);
  private static final Duration ACQUIRE = Duration.ofMillis(500);

  /** That one node opens. */
  public static final int CONNECTIONS_MAX = 16;

  private static final int CONNECTIONS_IDLE = 4;

  /**
   * A node that stops inside a transaction (a frozen VM) must not keep the head lock from all
   * others.
   */
  private static final String INITIALISE =
      "set idle_in_transaction_session_timeout = '5s'; set statement_timeout = '10min'";

  private final HikariDataSource pool;

  private Database(HikariDataSource pool) {
    this.pool = pool;
  }

  /**
   * Connects, refuses a server on which the broker's promises would not hold, and brings the schema
   * up to date.
   *
   * @throws DatabaseSetupException if the server refuses the user, lacks the database, or is set up
   *     so that commits are not durable
   * @throws DatabaseUnavailable if the server does not answer
   */
  public static Database open(DatabaseSettings settings) {
    return open(settings, MIGRATIONS);
  }

  static Database open(DatabaseSettings settings, String migrations) {
    ServerCheck.connectAndCheck(
        settings, connection -> Migrations.at(migrations).bringUpToDate(connection, settings));
    HikariConfig config = new HikariConfig();
    config.setPoolName("writ");
    config.setDataSource(DataSources.of(settings, DataSources.IMPATIENT));
    config.setMaximumPoolSize(CONNECTIONS_MAX);
    config.setMinimumIdle(CONNECTIONS_IDLE);
    config.setConnectionTimeout(ACQUIRE.toMillis());
    config.setValidationTimeout(ACQUIRE.toMillis() / 2);
    config.setInitializationFailTimeout(-1);
    config.setTransactionIsolation("TRANSACTION_READ_COMMITTED");
    config.setConnectionInitSql(INITIALISE);
    return new Database(new HikariDataSource(config));
  }

  /**
   * Runs the work in a transaction that commits when it returns and rolls back when it throws,
   * within a second.
   */
  public <T> T inTransaction(Work<T> work) {
    return inTransaction(LIMIT, work);
  }

  /**
   * As {@link #inTransaction(Work)} with a limit for each answer of the server; for imports and
   * long lists.
   */
  public <T> T inTransaction(Duration limit, Work<T> work) {
    return new Run(pool, limit).inTransaction(work);
  }

  /**
   * Runs the work with each statement a transaction of its own: one round trip for one statement,
   * within a second. A lost connection then always leaves open whether the statement was carried
   * out.
   */
  public <T> T autoCommit(Work<T> work) {
    return autoCommit(LIMIT, work);
  }

  /** As {@link #autoCommit(Work)} with a limit for each answer of the server. */
  public <T> T autoCommit(Duration limit, Work<T> work) {
    return new Run(pool, limit).autoCommit(work);
  }

  /**
   * Asks the database whether it can be used now; answers within a second and never throws for a
   * database in trouble.
   */
  public DatabaseHealth health() {
    try {
      return autoCommit(Database::measure);
    } catch (DatabaseUnavailable e) {
      return new DatabaseHealth.Unreachable(e.getMessage());
    }
  }

  private static DatabaseHealth measure(Session session) throws SQLException {
    // The first statement wakes and checks the connection; only the second one's round trip is
    // measured.
    boolean readOnly =
        session.one(
            "select pg_is_in_recovery() or current_setting('transaction_read_only')::boolean as read_only",
            row -> row.bool("read_only"));
    Instant before = Instant.now();
    Instant there = session.one("select clock_timestamp() as now", row -> row.instant("now"));
    Instant here = before.plus(Duration.between(before, Instant.now()).dividedBy(2));
    return readOnly
        ? new DatabaseHealth.ReadOnly()
        : DatabaseHealth.ofClock(Duration.between(here, there));
  }

  /**
   * How the server is set up and what it holds.
   *
   * @throws DatabaseUnavailable if it does not answer
   */
  public ServerFacts facts() {
    return autoCommit(FACTS_LIMIT, session -> ServerFacts.read(session, Migrations.at(MIGRATIONS)));
  }

  /**
   * The same for a server that this process does not use; changes nothing there.
   *
   * @throws DatabaseSetupException if the server refuses the user or lacks the database
   * @throws DatabaseUnavailable if it does not answer
   */
  public static ServerFacts look(DatabaseSettings settings) {
    return ServerCheck.look(settings, Migrations.at(MIGRATIONS));
  }

  /** Connections in use and connections there are, for metrics. */
  public PoolUse poolUse() {
    return new PoolUse(
        pool.getHikariPoolMXBean().getActiveConnections(),
        pool.getHikariPoolMXBean().getTotalConnections(),
        CONNECTIONS_MAX);
  }

  /** How much of the pool is taken. */
  public record PoolUse(int active, int open, int max) {}

  @Override
  public void close() {
    pool.close();
  }
}
