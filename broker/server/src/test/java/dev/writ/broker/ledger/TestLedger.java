package dev.writ.broker.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.writ.broker.ledger.Row.Kind;
import dev.writ.broker.metrics.Metrics;
import dev.writ.broker.store.Database;
import dev.writ.broker.store.DatabaseSettings;
import dev.writ.broker.store.TestDatabase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** One node's door into a ledger, with agents to go through it. */
final class TestLedger implements AutoCloseable {
  private static final String CLOCK =
      """
      CREATE SCHEMA IF NOT EXISTS fake;
      CREATE TABLE fake.clock (at timestamptz NOT NULL);
      INSERT INTO fake.clock VALUES (now());
      CREATE FUNCTION fake.clock_timestamp() RETURNS timestamptz LANGUAGE sql VOLATILE AS 'SELECT at FROM fake.clock';
      DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET search_path = fake, pg_catalog, public', current_database()); END $$
      """;

  final UUID node = Uuids.next();
  final SeenHead seen;
  final Metrics metrics = new Metrics();
  final Database database;
  final Acts acts;

  private TestLedger(Database database) {
    this.database = database;
    this.seen = unseen();
    this.acts = new Acts(database, seen, metrics);
  }

  /** A node with connections of its own. */
  static TestLedger on(TestDatabase database) {
    return on(database.settings());
  }

  static TestLedger on(DatabaseSettings settings) {
    return new TestLedger(Database.open(settings));
  }

  /** A node on a database whose clock stands where {@link #clock} puts it. */
  static TestLedger withClock(TestDatabase database) {
    database.database().autoCommit(session -> session.update(CLOCK));
    return on(database);
  }

  private static SeenHead unseen() {
    try {
      return SeenHead.load(Path.of("target", "seen-" + Uuids.next()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void clock(Instant at) {
    database.autoCommit(session -> session.update("UPDATE fake.clock SET at = ?", at));
  }

  Instant now() {
    return database.autoCommit(
        session -> session.one("SELECT clock_timestamp() AS now", row -> row.instant("now")));
  }

  LedgerWriter writer() {
    return new LedgerWriter(database, node, seen, metrics);
  }

  /** An agent that lives for another day. */
  TestAgent agent() {
    return agent(List.of());
  }

  /**
   * @param line parent first
   */
  TestAgent agent(List<TestAgent> line) {
    TestAgent agent = new TestAgent(Uuids.next(), TestAgent.otherKey());
    UUID[] lineage = line.stream().map(TestAgent::id).toArray(UUID[]::new);
    Instant now = now();
    database.autoCommit(session ->
        session.update(
            "INSERT INTO agent (id, policy, owner, launcher, parent, lineage, launched_at, launched_policy, expires_at,"
                + " enrolment, jkt, jkt_until) VALUES (?, 'operator', 'group:ops', 'w', ?, ?, ?, 'operator@7', ?, 1, ?, ?)",
            agent.id(),
            line.stream().map(TestAgent::id).findFirst(),
            lineage,
            now,
            now.plus(1, ChronoUnit.DAYS),
            agent.jkt(),
            now.plus(1, ChronoUnit.HOURS)));
    return agent;
  }

  /**
   * Changes an agent behind the ledger's back.
   *
   * @param assignments SQL
   */
  void set(TestAgent agent, String assignments, Object... parameters) {
    Object[] all = Arrays.copyOf(parameters, parameters.length + 1);
    all[parameters.length] = agent.id();
    database.autoCommit(
        session -> session.update("UPDATE agent SET " + assignments + " WHERE id = ?", all));
  }

  void kill(TestAgent agent) {
    set(agent, "killed_at = clock_timestamp(), killed_by = 'user:ada'");
  }

  long authority() {
    return database.autoCommit(session ->
        session.one("SELECT authority FROM ledger_head", row -> row.longInteger("authority")));
  }

  TestRow row(Kind kind, TestAgent agent) {
    return new TestRow(kind, agent, authority(), now().plusSeconds(300));
  }

  /** One batch. */
  List<Verdict> append(Row... rows) {
    return database.autoCommit(
        session -> new AppendStatement(session.connection(), node, seen).append(List.of(rows)));
  }

  Verdict append(TestRow row) {
    return append(row.build()).getFirst();
  }

  /** Asserts that the row is not let in, and that nothing at all was added. */
  void assertRefused(Verdict expected, TestRow row) {
    Contents before = contents();
    assertEquals(expected, append(row));
    assertEquals(before, contents());
  }

  void assertAppended(TestRow row) {
    assertEquals(Verdict.Appended.class, append(row).getClass());
  }

  /** How much there is. */
  record Contents(long rows, long writs, long proofs, long head) {}

  Contents contents() {
    return database.autoCommit(session ->
        session.one(
            "SELECT (SELECT count(*) FROM ledger) AS rows, (SELECT count(*) FROM writ) AS writs,"
                + " (SELECT count(*) FROM dpop_proof) AS proofs, (SELECT sequence FROM ledger_head) AS head",
            row ->
                new Contents(
                    row.longInteger("rows"),
                    row.longInteger("writs"),
                    row.longInteger("proofs"),
                    row.longInteger("head"))));
  }

  /** Empty if there is no such writ. */
  Optional<String> writState(UUID writ) {
    return database.autoCommit(session ->
        session.find("SELECT state FROM writ WHERE id = ?", row -> row.string("state"), writ));
  }

  @Override
  public void close() {
    database.close();
  }
}
