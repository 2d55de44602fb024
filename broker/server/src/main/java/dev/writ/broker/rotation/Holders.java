package dev.writ.broker.rotation;

import dev.writ.broker.authority.KeptKey;
import dev.writ.broker.authority.Snapshot;
import dev.writ.broker.store.Database;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;

/** Which node holds which key, so that none is used that a node lacks. */
public final class Holders {
  private static final String ISSUES_BY = "issues-by";

  private final Database database;
  private final UUID node;
  private final Custody custody;
  private Set<String> told = Set.of();

  public Holders(Database database, UUID node, Custody custody) {
    this.database = database;
    this.node = node;
    this.custody = custody;
  }

  /**
   * Tells the others what this node holds of what the snapshot knows, if that has changed.
   *
   * @param root the root that it issues by
   */
  public synchronized void tell(Snapshot snapshot, Optional<String> root) {
    Set<String> holds = new TreeSet<>();
    for (String slot : custody.slots()) {
      snapshot.kept(slot).stream()
          .filter(KeptKey::trusted)
          .filter(key -> custody.find(slot, key.id()).isPresent())
          .forEach(key -> holds.add(slot + " " + key.id()));
    }
    root.ifPresent(id -> holds.add(ISSUES_BY + " " + id));
    if (!holds.equals(told)) {
      write(holds);
      told = holds;
    }
  }

  private void write(Set<String> holds) {
    database.inTransaction(session -> {
      session.update("DELETE FROM node_key WHERE node = ?", node);
      for (String one : holds) {
        String[] parts = one.split(" ");
        session.update("INSERT INTO node_key VALUES (?, ?, ?)", node, parts[0], parts[1]);
      }
      return node;
    });
  }

  /** Names of the living nodes that do not issue by this root yet. */
  List<String> notIssuingBy(String root) {
    return lacking(ISSUES_BY, root);
  }

  /** Names of the living nodes that do not hold the key. */
  List<String> lacking(String slot, String id) {
    return database.autoCommit(session ->
        session.list(
            "SELECT name || ' (' || n.id || ')' AS node FROM node n WHERE lease_until > clock_timestamp()"
                + " AND NOT EXISTS (SELECT FROM node_key k WHERE k.node = n.id AND k.slot = ? AND k.id = ?)"
                + " ORDER BY name, n.id",
            row -> row.string("node"),
            slot,
            id));
  }
}
