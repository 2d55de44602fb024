package dev.writ.broker.rotation;

import dev.writ.broker.authority.TokenKeys.Distrusted;
import dev.writ.broker.store.Database;
import java.time.Duration;

/**
 * The writs that a key stands for. Rows of the ledger are judged by the keys of their own place, so
 * the places between which a key signed tell which they are. Not under the ledger's lock: they are
 * inactive from the distrust on, and may be many.
 */
public final class SignedWrits {
  private static final Duration LIMIT = Duration.ofMinutes(1);

  private final Database database;

  public SignedWrits(Database database) {
    this.database = database;
  }

  /**
   * Ends the internal tokens that the key signed.
   *
   * @return how many were live
   */
  int end(Distrusted key, String by) {
    return key.from().isEmpty()
        ? 0
        : database.autoCommit(
            LIMIT,
            session ->
                session.update(
                    "UPDATE writ SET state = 'ended', ended_at = clock_timestamp(), ended_by = ?"
                        + " WHERE target = 'internal' AND state = 'live' AND expires_at > clock_timestamp()"
                        + " AND sequence >= ? AND sequence < ?",
                    by,
                    key.from().get(),
                    key.to()));
  }

  /** How many AWS sessions live that were had by what the key signed. */
  int sessions(Distrusted key) {
    return key.from().isEmpty()
        ? 0
        : database.autoCommit(
            LIMIT,
            session ->
                session.one(
                    "SELECT count(*) AS n FROM writ WHERE target = 'aws' AND state IN ('live', 'unknown')"
                        + " AND expires_at > clock_timestamp() AND sequence >= ? AND sequence < ?",
                    row -> Math.toIntExact(row.longInteger("n")),
                    key.from().get(),
                    key.to()));
  }
}
