package dev.writ.broker.authority;

import dev.writ.broker.ledger.Acts;
import dev.writ.broker.ledger.Acts.Act;
import dev.writ.broker.ledger.Acts.Note;
import dev.writ.broker.store.Database;
import dev.writ.broker.store.Session;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Which realm policies and owners come from, which of its sets was taken over last, and when it was
 * last heard that this is still its set. All of it is in the database: it counts for every node,
 * and across restarts. The ledger's append looks at it and issues nothing by what is confirmed no
 * more.
 */
public final class Sources {
  /** A confirmation is written down at most this often, on all nodes together. */
  static final Duration WRITE_EVERY = Duration.ofSeconds(5);

  private final Database database;

  public Sources(Database database) {
    this.database = database;
  }

  /**
   * The source that is in force.
   *
   * @param version number of the set that was taken over last
   * @param age how long ago the realm was last known to say this, by the database's clock
   */
  public record InForce(
      String realm, long version, Instant confirmedAt, Duration age, Duration maxAge) {
    /** Whether nothing is issued by it any more. */
    public boolean isTooOld() {
      return age.compareTo(maxAge) >= 0;
    }
  }

  /** Empty if they come from files, or were applied by hand. */
  public Optional<InForce> inForce(SourceKind kind) {
    return database.autoCommit(session ->
        session.find(
            "SELECT realm, version, confirmed_at, max_age_seconds, (extract(epoch FROM"
                + " clock_timestamp() - confirmed_at) * 1000)::bigint AS age_millis FROM source"
                + " WHERE kind = ? AND in_force",
            row ->
                new InForce(
                    row.string("realm"),
                    row.longInteger("version"),
                    row.instant("confirmed_at"),
                    Duration.ofMillis(row.longInteger("age_millis")),
                    Duration.ofSeconds(row.longInteger("max_age_seconds"))),
            kind.word()));
  }

  /**
   * The realm said that this is still its set.
   *
   * @param ago how long ago it was asked
   */
  public void confirm(SourceKind kind, Realm realm, long version, Duration ago) {
    Duration every = realm.maxAge().dividedBy(4);
    database.autoCommit(session ->
        session.update(
            "UPDATE source SET confirmed_at = clock_timestamp() - ? * interval '1 millisecond',"
                + " max_age_seconds = ? WHERE kind = ? AND realm = ? AND in_force AND version = ?"
                + " AND confirmed_at < clock_timestamp() - ? * interval '1 millisecond'",
            ago.toMillis(),
            realm.maxAge().toSeconds(),
            kind.word(),
            realm.url(),
            version,
            ago.plus(every.compareTo(WRITE_EVERY) < 0 ? every : WRITE_EVERY).toMillis()));
  }

  /** Has the node's own limit count even while the realm cannot be asked. */
  public void limit(SourceKind kind, Realm realm) {
    database.autoCommit(session ->
        session.update(
            "UPDATE source SET max_age_seconds = ? WHERE kind = ? AND realm = ?",
            realm.maxAge().toSeconds(),
            kind.word(),
            realm.url()));
  }

  /**
   * Ends a realm's being the source, so that files are it again.
   *
   * @return whether it was the source
   */
  public static boolean release(Acts acts, SourceKind kind, String realm) {
    return acts.act(act -> {
      boolean released = inForce(act.session(), kind).filter(realm::equals).isPresent();
      if (released) {
        end(act, kind);
        act.recordChange(moved(kind, realm, "files"));
      }
      return released;
    });
  }

  /** Whether nothing may be judged by what is in force, under the lock. */
  public static boolean isUnconfirmed(Act act) throws SQLException {
    return act.session()
        .one(
            "SELECT source_unconfirmed(clock_timestamp()) AS unconfirmed",
            row -> row.bool("unconfirmed"));
  }

  /** The realm that is the source now. */
  static Optional<String> inForce(Session session, SourceKind kind) throws SQLException {
    return session.find(
        "SELECT realm FROM source WHERE kind = ? AND in_force",
        row -> row.string("realm"),
        kind.word());
  }

  private record Known(long version, byte[] content) {}

  /**
   * What stands against taking a set of the realm over, under the lock.
   *
   * @param content SHA-256 of what a set of one number always says
   */
  static Optional<NotTaken> objection(
      Act act, SourceKind kind, Realm realm, long version, byte[] content) throws SQLException {
    Optional<String> present = inForce(act.session(), kind);
    if (present.isPresent()
        && !present.get().equals(realm.url())
        && !present.equals(realm.replaces())) {
      return Optional.of(new NotTaken.Elsewhere(kind, present.get()));
    }
    Optional<Known> known =
        act.session()
            .find(
                "SELECT version, content FROM source WHERE kind = ? AND realm = ?",
                row -> new Known(row.longInteger("version"), row.bytes("content")),
                kind.word(),
                realm.url());
    if (known.isPresent() && version < known.get().version()) {
      return Optional.of(new NotTaken.Behind(kind, version, known.get().version()));
    }
    if (known.isPresent()
        && version == known.get().version()
        && !Arrays.equals(content, known.get().content())) {
      return Optional.of(new NotTaken.Contradicted(version));
    }
    return Optional.empty();
  }

  /** Writes down that a set of the realm is in force, and confirmed. */
  static void taken(
      Act act, SourceKind kind, Realm realm, long version, byte[] content, Duration ago)
      throws SQLException {
    Optional<String> present = inForce(act.session(), kind);
    if (present.isEmpty() || !present.get().equals(realm.url())) {
      end(act, kind);
      act.recordChange(moved(kind, present.orElse("files"), realm.url()));
    }
    act.session()
        .update(
            "INSERT INTO source VALUES (?, ?, ?, ?, clock_timestamp() - ? * interval '1"
                + " millisecond', ?, true) ON CONFLICT (kind, realm) DO UPDATE SET version ="
                + " excluded.version, content = excluded.content, confirmed_at ="
                + " excluded.confirmed_at, max_age_seconds = excluded.max_age_seconds, in_force ="
                + " true",
            kind.word(),
            realm.url(),
            version,
            content,
            ago.toMillis(),
            realm.maxAge().toSeconds());
  }

  private static void end(Act act, SourceKind kind) throws SQLException {
    act.session()
        .update("UPDATE source SET in_force = false WHERE kind = ? AND in_force", kind.word());
  }

  private static Note moved(SourceKind kind, String from, String to) {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("kind", "source");
    body.put("of", kind.word());
    body.put("from", from);
    body.put("to", to);
    return Note.of("source", body);
  }
}
