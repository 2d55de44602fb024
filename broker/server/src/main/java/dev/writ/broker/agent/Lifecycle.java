package dev.writ.broker.agent;

import dev.writ.broker.authority.PolicyVersion;
import dev.writ.broker.authority.Snapshots;
import dev.writ.broker.ledger.Acts;
import dev.writ.broker.ledger.Acts.Act;
import dev.writ.broker.ledger.Acts.Note;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Lengthens and ends agents' lives. */
public final class Lifecycle {
  private final Acts acts;
  private final Snapshots snapshots;
  private final Duration lifetimeMax;

  public Lifecycle(Acts acts, Snapshots snapshots, Duration lifetimeMax) {
    this.acts = acts;
    this.snapshots = snapshots;
    this.lifetimeMax = lifetimeMax;
  }

  /**
   * Gives an agent a longer life, counted from now, within its policy and its ancestors' lives.
   *
   * @param by who extends
   */
  public Changed extend(UUID id, Duration ttl, String by) {
    return Judging.byFreshSnapshot(
        acts,
        snapshots,
        (act, snapshot) -> {
          List<AgentRecord> line = Lines.of(act.session(), id);
          Optional<String> dead = Objections.of(act.session(), id, Optional.empty());
          if (dead.isPresent()) {
            return new Refused.Conflict(dead.get() + " It cannot be extended; launch a new one.");
          }
          Optional<PolicyVersion> policy = snapshot.policy(line.get(0).policy());
          return policy.isEmpty()
              ? new Refused.Conflict("The policy " + line.get(0).policy() + " was withdrawn.")
              : extend(act, line, policy.get(), ttl, by);
        });
  }

  private Changed extend(
      Act act, List<AgentRecord> line, PolicyVersion policy, Duration ttl, String by)
      throws SQLException {
    Duration most = Lives.most(policy, lifetimeMax);
    if (ttl.compareTo(most) > 0) {
      return Lives.beyond(ttl, policy, most);
    }
    AgentRecord agent = line.get(0);
    Instant end = Lives.end(act.at().plus(ttl), line.subList(1, line.size()));
    if (end.isBefore(agent.expiresAt())) {
      return new Refused.Invalid(
          "ttl: the agent lives until "
              + agent.expiresAt()
              + ", longer than this would let it ("
              + end
              + ").");
    }
    act.session()
        .update(
            "UPDATE agent SET expires_at = ?, revision = revision + 1 WHERE id = ?",
            end,
            agent.id());
    Map<String, Object> body = body("extend", agent.id(), by);
    body.put("expires_at", end.toString());
    act.record(Note.about("extend", agent.id(), body));
    return new Changed.To(AgentRows.find(act.session(), agent.id()).orElseThrow());
  }

  /**
   * Kills an agent, and with {@code tree} its descendants. Without, they are refused all the same:
   * an ancestor is dead. From the commit on no exchange of theirs succeeds on any node. An agent
   * that was killed stays as it was.
   *
   * @return the agents whose writs are to be ended
   */
  public List<UUID> kill(UUID id, String by, Optional<String> reason, boolean tree) {
    return acts.act(act -> {
      List<UUID> agents =
          act.session()
              .list(
                  tree
                      ? "SELECT id FROM agent WHERE id = ? OR lineage @> ARRAY[?]"
                      : "SELECT id FROM agent WHERE id = ? AND ? IS NOT NULL",
                  row -> row.uuid("id"),
                  id,
                  id);
      int killed =
          act.session()
              .update(
                  "UPDATE agent SET killed_at = ?, killed_by = ?, kill_reason = ?, revision = revision + 1"
                      + " WHERE id = ANY (?) AND killed_at IS NULL",
                  act.at(),
                  by,
                  reason,
                  agents.toArray(UUID[]::new));
      act.session()
          .update(
              "UPDATE held SET due = ? WHERE agent = ANY (?)",
              act.at(),
              agents.toArray(UUID[]::new));
      if (killed > 0) {
        Map<String, Object> body = body("kill", id, by);
        reason.ifPresent(text -> body.put("reason", text));
        body.put("tree", tree);
        body.put("killed", killed);
        act.record(Note.about("kill", id, body));
      }
      return agents;
    });
  }

  static Map<String, Object> body(String kind, UUID agent, String by) {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("kind", kind);
    body.put("agent", agent.toString());
    body.put("by", by);
    return body;
  }
}
