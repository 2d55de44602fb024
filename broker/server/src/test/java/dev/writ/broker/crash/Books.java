package dev.writ.broker.crash;

import dev.writ.broker.store.Database;
import dev.writ.broker.store.DatabaseFailure;
import dev.writ.broker.store.DatabaseUnavailable;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/** What the database has on record. Waits while it is down. */
final class Books {
  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Database database;

  Books(Database database) {
    this.database = database;
  }

  /** Writs whose target is being asked, or was when their node died. */
  Set<UUID> open() {
    return writs("SELECT id FROM writ WHERE state = 'open'");
  }

  /** Writs that the ledger has an intent for. */
  Set<UUID> intended() {
    return writs("SELECT writ AS id FROM ledger WHERE kind = 'intent'");
  }

  /** Writs of which nobody knows what the target did, with a row that says so. */
  Set<UUID> orphaned() {
    return writs(
        "SELECT w.id FROM writ w WHERE w.state = 'unknown'"
            + " AND EXISTS (SELECT FROM ledger l WHERE l.writ = w.id AND l.kind = 'orphan')");
  }

  /** Writs whose close is on the ledger. */
  Set<UUID> closed() {
    return writs("SELECT writ AS id FROM ledger WHERE kind = 'close'");
  }

  /** Writs that are unknown or ended, with a row of the ledger that made them so. */
  Set<UUID> settled() {
    return writs(
        "SELECT w.id FROM writ w WHERE w.state IN ('unknown', 'ended') AND EXISTS (SELECT FROM ledger l"
            + " WHERE l.writ = w.id AND l.kind IN ('orphan', 'withhold', 'writ'))");
  }

  /** SHA-256 in hex of tokens that both a live writ and the ledger have. */
  Set<String> tokens() {
    return Set.copyOf(
        ask(
            "SELECT encode(w.token_sha256, 'hex') AS hash FROM writ w JOIN ledger l ON l.writ = w.id"
                + " WHERE w.state = 'live' AND l.kind IN ('issue', 'close')"
                + " AND l.body::json ->> 'token_sha256' = encode(w.token_sha256, 'hex')",
            "hash"));
  }

  /** Rows that do not follow from the one before, and a head that is not the last row. */
  List<String> breaks() {
    return ask(
        "SELECT sequence::text AS at FROM (SELECT sequence, leaf, head,"
            + " lag(head) OVER (ORDER BY sequence) AS before,"
            + " row_number() OVER (ORDER BY sequence) AS place FROM ledger) l"
            + " WHERE sequence <> place OR before IS NOT NULL AND head <> ledger_link(before, leaf)"
            + " UNION ALL SELECT 'head' FROM ledger_head h WHERE NOT EXISTS"
            + " (SELECT FROM ledger l WHERE l.sequence = h.sequence AND l.head = h.hash)",
        "at");
  }

  private Set<UUID> writs(String sql) {
    Set<UUID> writs = new HashSet<>();
    ask("SELECT q.id::text AS id FROM (" + sql + ") q", "id")
        .forEach(id -> writs.add(UUID.fromString(id)));
    return writs;
  }

  private List<String> ask(String sql, String column) {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      try {
        return database.autoCommit(LIMIT, session -> session.list(sql, row -> row.string(column)));
      } catch (DatabaseUnavailable | DatabaseFailure down) {
        if (System.nanoTime() - end > 0) {
          throw down;
        }
        pause();
      }
    }
  }

  static void pause() {
    try {
      Thread.sleep(20);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", interrupted);
    }
  }
}
