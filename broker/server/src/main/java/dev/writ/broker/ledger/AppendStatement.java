package dev.writ.broker.ledger;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Calls {@code ledger_append} on one connection: a batch of rows out, a verdict for each back, one
 * round trip.
 */
final class AppendStatement {
  private static final String CALL =
      "SELECT verdicts, last_sequence, last_hash, at_micros FROM ledger_append("
          + "?,?,?, ?,?,?,?,?, ?,?,?,?,?, ?,?,?, ?,?,?,?,?, ?,?)";

  /** The same, and what is kept of the credentials whose rows went in. */
  private static final String CALL_AND_HOLD =
      "WITH appended AS MATERIALIZED ("
          + CALL
          + "), kept AS (INSERT INTO held (writ, agent, minter, sealed, due, dies_at)"
          + " SELECT h.writ, h.agent, h.minter, h.sealed, from_micros(h.due), from_micros(h.dies_at)"
          + " FROM appended, unnest(verdicts, ?::uuid[], ?::uuid[], ?::text[], ?::bytea[], ?::int8[], ?::int8[])"
          + " AS h (verdict, writ, agent, minter, sealed, due, dies_at)"
          + " WHERE h.verdict = 'ok' AND h.minter IS NOT NULL"
          + " ON CONFLICT (writ) DO UPDATE SET due = excluded.due)"
          + " SELECT verdicts, last_sequence, last_hash, at_micros FROM appended";

  private static final String UNRESOLVED = "08007";

  private final Connection connection;
  private final PreparedStatement plain;
  private final UUID node;
  private final SeenHead seen;

  AppendStatement(Connection connection, UUID node, SeenHead seen) throws SQLException {
    this.connection = connection;
    this.plain = connection.prepareStatement(CALL);
    this.node = node;
    this.seen = seen;
  }

  /**
   * The verdicts, in the order of the rows.
   *
   * @throws SQLException with state 08007 (transaction resolution unknown) if the server committed
   *     under protest: it stopped waiting for its standby, so that a failover might still lose the
   *     rows
   */
  List<Verdict> append(List<Row> rows) throws SQLException {
    if (rows.stream().noneMatch(AppendStatement::holds)) {
      return append(rows, plain, new Binder(plain, rows));
    }
    try (PreparedStatement holding = connection.prepareStatement(CALL_AND_HOLD)) {
      return append(rows, holding, new Binder(holding, rows));
    }
  }

  private static boolean holds(Row row) {
    return row.credential() != null && row.credential().hold() != null;
  }

  private List<Verdict> append(List<Row> rows, PreparedStatement statement, Binder bind)
      throws SQLException {
    bind(bind);
    if (statement != plain) {
      bindHolds(bind);
    }
    try (ResultSet result = statement.executeQuery()) {
      result.next();
      SQLWarning protest = statement.getWarnings();
      if (protest != null) {
        throw new SQLException("committed under protest", UNRESOLVED, protest);
      }
      List<Verdict> verdicts =
          verdicts(
              (String[]) result.getArray(1).getArray(),
              result.getLong(2),
              Micros.instant(result.getLong(4)));
      seen.advance(result.getLong(2), result.getBytes(3));
      return verdicts;
    }
  }

  private static List<Verdict> verdicts(String[] words, long lastSequence, Instant at) {
    Verdict[] verdicts = new Verdict[words.length];
    long sequence = lastSequence;
    for (int i = words.length - 1; i >= 0; i--) {
      verdicts[i] =
          switch (words[i]) {
            case "ok" -> new Verdict.Appended(sequence--, at);
            case "stale" -> new Verdict.Stale();
            case "replayed" -> new Verdict.Replayed();
            case "unconfirmed" -> new Verdict.Unconfirmed();
            case "not_open" -> new Verdict.NotOpen();
            case String word -> new Verdict.Objected(Objection.of(word));
          };
    }
    return List.of(verdicts);
  }

  private void bind(Binder bind) throws SQLException {
    SeenHead.Head head = seen.get();
    bind.statement.setObject(bind.next(), node);
    bind.statement.setLong(bind.next(), head.sequence());
    bind.statement.setBytes(bind.next(), head.hash());
    bind.column("text", String[]::new, row -> row.kind().word);
    bind.column("uuid", UUID[]::new, Row::id);
    bind.column("uuid", UUID[]::new, Row::agent);
    bind.column("uuid", UUID[]::new, Row::writ);
    bind.column("bytea", byte[][]::new, Row::body);
    bind.column("int8", Long[]::new, row -> row.basis().authority());
    bind.column("int4", Integer[]::new, row -> row.basis().revision());
    bind.column("bytea", byte[][]::new, proof(Row.Proof::jkt));
    bind.column(
        "int2",
        Short[]::new,
        proof(p -> p.issuedAt() == null ? null : ProofSlots.of(p.issuedAt())));
    bind.column("bytea", byte[][]::new, proof(Row.Proof::jtiHash));
    bind.column("text", String[]::new, row -> row.basis().accountable());
    bind.column("int8", Long[]::new, row -> Micros.of(row.basis().from()));
    bind.column("int8", Long[]::new, row -> Micros.of(row.basis().until()));
    bind.column("text", String[]::new, credential(Row.Credential::target));
    bind.column("text", String[]::new, credential(c -> c.state() == null ? null : c.state().word));
    bind.column("text", String[]::new, credential(Row.Credential::grant));
    bind.column("text", String[]::new, credential(Row.Credential::policy));
    bind.column("int8", Long[]::new, credential(c -> Micros.of(c.expiresAt())));
    bind.column("bytea", byte[][]::new, credential(Row.Credential::tokenSha256));
    bind.column("text", String[]::new, credential(Row.Credential::accessKeyId));
  }

  private static void bindHolds(Binder bind) throws SQLException {
    bind.column("uuid", UUID[]::new, Row::writ);
    bind.column("uuid", UUID[]::new, Row::agent);
    bind.column("text", String[]::new, hold(Row.Hold::minter));
    bind.column("bytea", byte[][]::new, hold(Row.Hold::sealed));
    bind.column("int8", Long[]::new, hold(hold -> Micros.of(hold.due())));
    bind.column("int8", Long[]::new, hold(hold -> Micros.of(hold.diesAt())));
  }

  private static <T> Function<Row, @Nullable T> hold(Function<Row.Hold, @Nullable T> part) {
    return credential(c -> c.hold() == null ? null : part.apply(c.hold()));
  }

  private static <T> Function<Row, @Nullable T> proof(Function<Row.Proof, @Nullable T> part) {
    return row -> row.proof() == null ? null : part.apply(row.proof());
  }

  private static <T> Function<Row, @Nullable T> credential(
      Function<Row.Credential, @Nullable T> part) {
    return row -> row.credential() == null ? null : part.apply(row.credential());
  }

  private final class Binder {
    private final PreparedStatement statement;
    private final List<Row> rows;
    private int index;

    Binder(PreparedStatement statement, List<Row> rows) {
      this.statement = statement;
      this.rows = rows;
    }

    int next() {
      return ++index;
    }

    <T> void column(
        String type, Function<Integer, @Nullable T[]> array, Function<Row, @Nullable T> value)
        throws SQLException {
      List<@Nullable T> values = new ArrayList<>(rows.size());
      for (Row row : rows) {
        values.add(value.apply(row));
      }
      Array bound = connection.createArrayOf(type, values.toArray(array.apply(0)));
      statement.setArray(next(), bound);
    }
  }
}
