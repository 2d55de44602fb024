package dev.writ.broker.ledger;

import dev.writ.broker.ledger.Acts.Act;
import dev.writ.broker.ledger.Acts.Note;
import dev.writ.broker.store.Database;
import dev.writ.broker.store.Row;
import dev.writ.broker.store.Session;
import java.sql.SQLException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;

/**
 * Settles intents that nobody works on: those of a node whose lease has run out, and those that
 * this node gave up before their row came through. What the target did is not known, and the writ
 * says so. Whoever comes back to such an intent is told that it is no longer open.
 */
public final class Orphans {
  /** How old an intent of this node must be before nobody's working on it means anything. */
  static final Duration GIVEN_UP = Duration.ofSeconds(5);

  /** Settled under one lock; the rest waits for the next turn. */
  private static final int AT_ONCE_MAX = 50;

  /** Looked at in one turn; more than a node works on at once, or these would hide the others. */
  private static final int LOOKED_AT_MAX = 10_000;

  private static final String CANDIDATES =
      "SELECT w.id, w.agent, w.node, n.name AS node_name,"
          + " n.lease_until IS NULL OR n.lease_until <= clock_timestamp() AS leaseless"
          + " FROM writ w LEFT JOIN node n ON n.id = w.node WHERE w.state = 'open' AND ("
          + "n.lease_until IS NULL OR n.lease_until <= clock_timestamp()"
          + " OR w.node = ? AND w.issued_at <= clock_timestamp() - ? * interval '1 second')"
          + " ORDER BY w.sequence LIMIT ?";

  private final Database database;
  private final Acts acts;
  private final UUID node;
  private final Predicate<UUID> worksOn;

  /**
   * @param worksOn whether somebody on this node works on the intent of a writ now
   */
  public Orphans(Database database, Acts acts, UUID node, Predicate<UUID> worksOn) {
    this.database = database;
    this.acts = acts;
    this.node = node;
    this.worksOn = worksOn;
  }

  private record Orphan(
      UUID writ, UUID agent, UUID node, Optional<String> nodeName, boolean leaseless) {}

  /**
   * Settles what is orphaned now. Takes the head lock only if something is.
   *
   * @return how many intents were settled
   */
  public int settle() {
    if (database.autoCommit(this::find).isEmpty()) {
      return 0;
    }
    return acts.act(act -> {
      List<Orphan> orphans = find(act.session());
      for (Orphan orphan : orphans) {
        settle(act, orphan);
      }
      return orphans.size();
    });
  }

  /** An intent that this node works on is not one, even if its own lease has run out. */
  private List<Orphan> find(Session session) throws SQLException {
    return session
        .list(CANDIDATES, Orphans::read, node, GIVEN_UP.toSeconds(), LOOKED_AT_MAX)
        .stream()
        .filter(orphan -> !(orphan.node.equals(node) && worksOn.test(orphan.writ)))
        .limit(AT_ONCE_MAX)
        .toList();
  }

  private static Orphan read(Row row) throws SQLException {
    return new Orphan(
        row.uuid("id"),
        row.uuid("agent"),
        row.uuid("node"),
        row.findString("node_name"),
        row.bool("leaseless"));
  }

  private static void settle(Act act, Orphan orphan) throws SQLException {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("kind", "orphan");
    body.put("writ", orphan.writ.toString());
    body.put("agent", orphan.agent.toString());
    body.put("node", orphan.node.toString());
    orphan.nodeName.ifPresent(name -> body.put("node_name", name));
    body.put("why", orphan.leaseless ? "the node's lease ran out" : "the node gave it up");
    long sequence =
        act.record(new Note("orphan", Optional.of(orphan.agent), Optional.of(orphan.writ), body));
    act.session()
        .update(
            "UPDATE writ SET state = 'unknown', sequence = ? WHERE id = ?", sequence, orphan.writ);
  }
}
