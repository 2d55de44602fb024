package dev.writ.broker;

import dev.writ.broker.authority.Snapshots;
import dev.writ.broker.authority.SourceFiles;
import dev.writ.broker.authority.SourceKind;
import dev.writ.broker.authority.Sources;
import dev.writ.broker.authority.Sources.InForce;
import dev.writ.broker.keycloak.RealmFeeds;
import dev.writ.broker.ledger.LedgerWriter;
import dev.writ.broker.store.Database;
import dev.writ.broker.store.DatabaseHealth;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/** Whether a node can do its work now, and what is wrong. */
final class Health {
  private final Database database;
  private final LedgerWriter ledger;
  private final SourceFiles files;
  private final RealmFeeds realms;
  private final Sources sources;
  private final Snapshots snapshots;

  Health(
      Database database,
      LedgerWriter ledger,
      SourceFiles files,
      RealmFeeds realms,
      Sources sources,
      Snapshots snapshots) {
    this.database = database;
    this.ledger = ledger;
    this.files = files;
    this.realms = realms;
    this.sources = sources;
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
    Map<String, String> broken = new TreeMap<>(files.broken());
    broken.putAll(realms.troubles());
    details.put("broken", broken);
    if (health instanceof DatabaseHealth.Ready) {
      for (SourceKind kind : SourceKind.values()) {
        sources.inForce(kind).ifPresent(present -> details.put(kind.word(), view(present)));
      }
    }
    return new Report(ready, details);
  }

  /**
   * A source that is too old does not make a node unready: it renews identities, publishes keys and
   * ends credentials as before, and no other node could do more.
   */
  private static Map<String, Object> view(InForce source) {
    Map<String, Object> view = new LinkedHashMap<>();
    view.put("realm", source.realm());
    view.put("set", source.version());
    view.put("confirmed_at", source.confirmedAt().toString());
    view.put("age_seconds", source.age().toSeconds());
    view.put(
        "issuing",
        source.isTooOld()
            ? "stopped: not confirmed for " + source.maxAge() + " (limits.policy-max-age)"
            : "ok");
    return view;
  }

  int rowsWaiting() {
    return ledger.waiting();
  }

  int filesBroken() {
    return files.broken().size();
  }
}
