package dev.writ.broker.rotation;

import dev.writ.broker.authority.KeptKey;
import dev.writ.broker.authority.KeptKey.State;
import dev.writ.broker.authority.KeptKeys;
import dev.writ.broker.authority.Snapshot;
import dev.writ.broker.authority.Snapshots;
import dev.writ.broker.ledger.Acts;
import dev.writ.broker.ledger.Acts.Act;
import dev.writ.broker.store.Database;
import java.security.cert.X509Certificate;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What the database says of one slot's keys. A change counts only if what it is about still stands
 * when its turn comes; this node judges by it when the method returns.
 */
final class SlotRows {
  /** What a root has beside its key. */
  record Papers(Optional<X509Certificate> certificate, Optional<X509Certificate> cross) {
    static final Papers NONE = new Papers(Optional.empty(), Optional.empty());
  }

  /** Makes the papers of a key that is published. */
  interface PapersMaker {
    Papers papers(Optional<KeptKey> current, Instant at);
  }

  private interface Change {
    void make(Act act, List<KeptKey> keys) throws SQLException;
  }

  private final String slot;
  private final Database database;
  private final Acts acts;
  private final Snapshots snapshots;

  SlotRows(String slot, Database database, Acts acts, Snapshots snapshots) {
    this.slot = slot;
    this.database = database;
    this.acts = acts;
    this.snapshots = snapshots;
  }

  Snapshot present() {
    return snapshots.present();
  }

  /** Every key that the slot ever had. */
  Set<String> known() {
    return database.autoCommit(session -> KeptKeys.known(session, slot));
  }

  /** Publishes a key as the first one or as the successor, unless there is one. */
  void publish(String id, State state, PapersMaker maker, Map<String, ?> why) {
    change((act, keys) -> {
      if (in(state, keys).isEmpty()) {
        Papers papers = maker.papers(in(State.CURRENT, keys), act.at());
        KeptKeys.publish(act, slot, id, state, papers.certificate, papers.cross, why);
      }
    });
  }

  void order(KeptKey successor, Map<String, ?> why) {
    change((act, keys) -> {
      if (keys.contains(successor)) {
        KeptKeys.order(act, successor, why);
      }
    });
  }

  /**
   * @param needed how long the former key still is
   */
  void promote(KeptKey successor, Duration needed, Map<String, ?> why) {
    change((act, keys) -> {
      Optional<KeptKey> next = in(State.NEXT, keys).filter(key -> key.id().equals(successor.id()));
      if (next.isPresent()) {
        KeptKey current = in(State.CURRENT, keys).orElseThrow();
        KeptKeys.promote(act, current, next.get(), act.at().plus(needed), why);
      }
    });
  }

  void retire(KeptKey former, Map<String, ?> why) {
    change((act, keys) -> {
      if (keys.contains(former)) {
        KeptKeys.retire(act, former, why);
      }
    });
  }

  /**
   * @param heir is used from now on, if that is still trusted itself
   */
  void distrust(KeptKey key, Optional<KeptKey> heir, Map<String, ?> why) {
    change((act, keys) -> {
      if (trusted(key, keys)) {
        KeptKeys.distrust(act, key, heir.filter(one -> trusted(one, keys)), why);
      }
    });
  }

  private static boolean trusted(KeptKey key, List<KeptKey> keys) {
    return keys.stream().anyMatch(one -> one.id().equals(key.id()) && one.trusted());
  }

  private void change(Change change) {
    acts.act(act -> {
      change.make(act, KeptKeys.all(act.session()).getOrDefault(slot, List.of()));
      return slot;
    });
    snapshots.refresh();
  }

  private static Optional<KeptKey> in(State state, List<KeptKey> keys) {
    return keys.stream().filter(key -> key.state() == state).findFirst();
  }
}
