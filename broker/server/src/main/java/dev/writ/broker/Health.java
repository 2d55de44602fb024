package dev.writ.broker;

import dev.writ.broker.authority.Snapshots;
import dev.writ.broker.authority.SourceFiles;
import dev.writ.broker.ledger.LedgerWriter;
import dev.writ.broker.store.Database;
import dev.writ.broker.store.DatabaseHealth;
import java.util.LinkedHashMap;
import java.util.Map;

/** Whether a node can do its work now, and what is wrong. */
final class Health {
  private final Database database;
  private final LedgerWriter ledger;
  private final SourceFiles files;
  private final Snapshots snapshots;

  Health(Database database, LedgerWriter ledger, SourceFiles files, Snapshots snapshots) {
    this.database = database;
    this.ledger = ledger;
    this.files = files;
    this.snapshots = snapshots;
  }

  /**
   * @param details for people; broken files do not make a node unready, their last good version is
   *     in force
   */
  record Report(boolean ready, Map<String, Object> details) {}

  Report report() {
    Map<String, Object> details = new LinkedHashMap<>();
    DatabaseHealth health = database.health();
    boolean ready = health instanceof DatabaseHealth.Ready && !ledger.forgotten();
    details.put("database", health.toString());
    details.put(
        "ledger", ledger.forgotten() ? "the database has lost rows that this node saw" : "ok");
    details.put("authority", snapshots.current().sequence());
    details.put("broken", files.broken());
    return new Report(ready, details);
  }

  int rowsWaiting() {
    return ledger.waiting();
  }

  int filesBroken() {
    return files.broken().size();
  }
}
