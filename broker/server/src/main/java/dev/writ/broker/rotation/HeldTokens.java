package dev.writ.broker.rotation;

import dev.writ.broker.store.Database;
import java.time.Duration;

/** The tokens of other systems that the database keeps, sealed, to end them there. */
final class HeldTokens {
  private static final Duration LIMIT = Duration.ofSeconds(30);

  /** What an end was ordered of. */
  record Ended(int tokens, int writs) {}

  private HeldTokens() {}

  /** Has all of them ended as soon as the systems can be reached. */
  static Ended end(Database database, String by) {
    return end(database, "", by);
  }

  /**
   * As {@link #end(Database, String)}, those of one minter.
   *
   * @param minter all of them if empty
   */
  static Ended end(Database database, String minter, String by) {
    return database.inTransaction(
        LIMIT,
        session -> {
          int writs =
              session.update(
                  "UPDATE writ w SET state = 'ended', ended_at = clock_timestamp(), ended_by = ?"
                      + " FROM held h WHERE h.writ = w.id AND w.state = 'live' AND ? IN ('', h.minter)",
                  by,
                  minter);
          int tokens =
              session.update(
                  "UPDATE held SET due = clock_timestamp() WHERE due < dies_at AND ? IN ('', minter)",
                  minter);
          return new Ended(tokens, writs);
        });
  }
}
