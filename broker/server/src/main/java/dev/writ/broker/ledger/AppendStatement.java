package dev.writ.broker.ledger;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
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
      "SELECT ord, verdict, sequence, at_micros, head FROM ledger_append("
          + "?,?,?, ?,?,?,?,?, ?,?,?,?,?, ?,?,?, ?,?,?,?,?, ?,?)";

  private final Connection connection;
  private final PreparedStatement statement;
  private final UUID node;
  private final SeenHead seen;

  AppendStatement(Connection connection, UUID node, SeenHead seen) throws SQLException {
    this.connection = connection;
    this.statement = connection.prepareStatement(CALL);
    this.node = node;
    this.seen = seen;
  }

  /**
   * @return the verdicts, in the order of the rows
   */
  List<Verdict> append(List<Row> rows) throws SQLException {
    bind(rows);
    Verdict[] verdicts = new Verdict[rows.size()];
    try (ResultSet results = statement.executeQuery()) {
      while (results.next()) {
        verdicts[results.getInt(1) - 1] = verdict(results);
      }
    }
    return List.of(verdicts);
  }

  private Verdict verdict(ResultSet result) throws SQLException {
    String word = result.getString(2);
    return switch (word) {
      case "ok" -> {
        long sequence = result.getLong(3);
        seen.advance(sequence, result.getBytes(5));
        yield new Verdict.Appended(sequence, instant(result.getLong(4)));
      }
      case "stale" -> new Verdict.Stale();
      case "replayed" -> new Verdict.Replayed();
      case "not_open" -> new Verdict.NotOpen();
      default -> new Verdict.Objected(Objection.of(word));
    };
  }

  private void bind(List<Row> rows) throws SQLException {
    Binder bind = new Binder(rows);
    SeenHead.Head head = seen.get();
    statement.setObject(bind.next(), node);
    statement.setLong(bind.next(), head.sequence());
    statement.setBytes(bind.next(), head.hash());
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
    bind.column("int8", Long[]::new, row -> micros(row.basis().from()));
    bind.column("int8", Long[]::new, row -> micros(row.basis().until()));
    bind.column("text", String[]::new, credential(Row.Credential::target));
    bind.column("text", String[]::new, credential(c -> c.state() == null ? null : c.state().word));
    bind.column("text", String[]::new, credential(Row.Credential::grant));
    bind.column("text", String[]::new, credential(Row.Credential::policy));
    bind.column("int8", Long[]::new, credential(c -> micros(c.expiresAt())));
    bind.column("bytea", byte[][]::new, credential(Row.Credential::tokenSha256));
    bind.column("text", String[]::new, credential(Row.Credential::accessKeyId));
  }

  private static <T> Function<Row, @Nullable T> proof(Function<Row.Proof, @Nullable T> part) {
    return row -> row.proof() == null ? null : part.apply(row.proof());
  }

  private static <T> Function<Row, @Nullable T> credential(
      Function<Row.Credential, @Nullable T> part) {
    return row -> row.credential() == null ? null : part.apply(row.credential());
  }

  /** Microseconds since 1970, saturating: the far ends of a duty have no exact place. */
  static long micros(Instant instant) {
    long seconds = Math.clamp(instant.getEpochSecond(), -60_000_000_000L, 250_000_000_000L);
    return seconds * 1_000_000 + instant.getNano() / 1_000;
  }

  static Instant instant(long micros) {
    return Instant.ofEpochSecond(
        Math.floorDiv(micros, 1_000_000L), Math.floorMod(micros, 1_000_000L) * 1_000L);
  }

  private final class Binder {
    private final List<Row> rows;
    private int index;

    Binder(List<Row> rows) {
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
