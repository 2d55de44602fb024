package dev.writ.broker.rotation;

import dev.writ.broker.authority.KeyNotes;
import dev.writ.broker.authority.Snapshots;
import dev.writ.broker.ledger.Acts;
import dev.writ.broker.store.Database;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** The intermediate that a living node issues agents' certificates under; in its memory only. */
public final class IntermediateSlot implements Slot {
  private final UUID node;
  private final String name;
  private final String key;
  private final Instant since;
  private final Instant notAfter;
  private final Parts parts;

  /**
   * What all of them work with.
   *
   * @param every how long a node uses one
   * @param follow has this node look whether it is its own that changed
   */
  public record Parts(
      Database database, Acts acts, Snapshots snapshots, Duration every, Runnable follow) {}

  private IntermediateSlot(
      UUID node, String name, String key, Instant since, Instant notAfter, Parts parts) {
    this.node = node;
    this.name = name;
    this.key = key;
    this.since = since;
    this.notAfter = notAfter;
    this.parts = parts;
  }

  /** One for each living node: its newest. */
  public static List<Slot> all(Parts parts) {
    return parts.database.autoCommit(session ->
        session.list(
            "SELECT DISTINCT ON (n.name, n.id) n.id AS node, n.name, i.id, i.not_after, l.at"
                + " FROM node n JOIN intermediate i ON i.node = n.id JOIN ledger l ON l.sequence = i.changed"
                + " WHERE n.lease_until > clock_timestamp() AND NOT i.distrusted"
                + " ORDER BY n.name, n.id, i.changed DESC",
            row ->
                new IntermediateSlot(
                    row.uuid("node"),
                    row.string("name"),
                    row.string("id"),
                    row.instant("at"),
                    row.instant("not_after"),
                    parts)));
  }

  @Override
  public String id() {
    return "intermediate:" + node;
  }

  @Override
  public SlotView view() {
    return new SlotView(
        id(),
        "issues agents' certificates at " + name,
        "memory of " + name,
        List.of(new SlotView.Version(key, "current", since, Optional.empty())),
        Optional.of(parts.every),
        Optional.of(since.plus(parts.every)),
        Optional.empty());
  }

  @Override
  public Outcome rotate(boolean now, String by) {
    mark("ordered", "promote", by, "");
    return new Outcome.Done(
        "rotated",
        key,
        "Its node makes itself another one within a second. What this one signed is good until it ends.",
        Map.of(),
        List.of());
  }

  @Override
  public Outcome retire(Optional<String> version, String by) {
    return new Outcome.Scheduled(
        key, notAfter, "A former one ends by itself; what it signed lives for an hour at most.");
  }

  @Override
  public Outcome compromise(Optional<String> version, String reason, String by) {
    mark("distrusted", "distrust", by, reason);
    int agents =
        parts.database.autoCommit(session ->
            session.one(
                "SELECT count(*) AS n FROM agent WHERE killed_at IS NULL AND jkt_until > clock_timestamp()",
                row -> Math.toIntExact(row.longInteger("n"))));
    return new Outcome.Done(
        "compromised",
        key,
        "Certificates that it signed are refused on every node; its node makes itself another one.",
        Map.of("distrusted_issuers", 1, "agents_alive", agents),
        List.of(
            "Agents whose certificate it signed renew by DPoP with their JWT-SVIDs, or need a new enrolment.",
            "Resource servers that judge certificates by themselves must distrust the authority "
                + key
                + " until "
                + notAfter
                + "; those that compare the token's x5t#S256 need not.",
            "The key was in the memory of "
                + name
                + ": whoever has it may have had the others there. See docs/runbook.md."));
  }

  private void mark(String column, String what, String by, String reason) {
    parts.acts.act(act -> {
      long sequence = act.recordChange(KeyNotes.note(id(), what, key, KeyNotes.why(by, reason)));
      return act.session().update("UPDATE intermediate SET " + column + " = true WHERE id = ?", key)
          + sequence;
    });
    parts.snapshots.refresh();
    parts.follow.run();
  }
}
