package dev.writ.broker.ledger;

import dev.writ.broker.store.Database;
import java.time.Duration;
import java.util.UUID;

/**
 * Says to the other nodes that this one lives. While its lease runs, nobody else settles the
 * intents that it works on; once it has run out, {@link Orphans} of any node does. Time is the
 * database's.
 */
public final class NodeLease {
  /** Some missed heartbeats long, and longer than any call of the database waits. */
  static final Duration LENGTH = Duration.ofSeconds(10);

  /** How often it is renewed. */
  static final Duration HEARTBEAT = Duration.ofSeconds(2);

  /** Nodes that nobody has heard of for so long are forgotten by name. */
  private static final Duration NAME_KEPT = Duration.ofDays(90);

  private static final String RENEW =
      "INSERT INTO node (id, name, lease_until)"
          + " VALUES (?, ?, clock_timestamp() + ? * interval '1 second')"
          + " ON CONFLICT (id) DO UPDATE SET name = excluded.name, lease_until = excluded.lease_until";

  private final Database database;
  private final UUID node;
  private final String name;

  /**
   * @param node differs between any two processes that run at the same time
   * @param name for people
   */
  public NodeLease(Database database, UUID node, String name) {
    this.database = database;
    this.node = node;
    this.name = name;
  }

  /** Begins or renews the lease: {@link #LENGTH} from now. */
  public void renew() {
    database.autoCommit(session -> session.update(RENEW, node, name, LENGTH.toSeconds()));
  }

  /** Ends the lease, so that others settle at once what this node leaves open. */
  public void end() {
    database.autoCommit(session ->
        session.update("UPDATE node SET lease_until = clock_timestamp() WHERE id = ?", node));
  }

  /** Forgets nodes that ended long ago and left nothing open. */
  void forgetOld() {
    database.autoCommit(session ->
        session.update(
            "DELETE FROM node n WHERE lease_until < clock_timestamp() - ? * interval '1 second'"
                + " AND NOT EXISTS (SELECT FROM writ w WHERE w.node = n.id AND w.state = 'open')",
            NAME_KEPT.toSeconds()));
  }
}
