package dev.writ.broker.agent;

import dev.writ.broker.access.Caller;
import dev.writ.broker.authority.OnDuty;
import dev.writ.broker.authority.Snapshot;
import dev.writ.broker.authority.Snapshots;
import dev.writ.broker.ledger.Acts;
import dev.writ.broker.ledger.Acts.Act;
import dev.writ.broker.ledger.Acts.Note;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * Gives agents to another owner: within the owning group at once, to anybody else when they accept.
 * Children go with their parent.
 */
public final class HandOver {
  private final Acts acts;
  private final Snapshots snapshots;

  public HandOver(Acts acts, Snapshots snapshots) {
    this.acts = acts;
    this.snapshots = snapshots;
  }

  /**
   * @param atOnce for admins, whose word needs no acceptance
   */
  public Changed offer(UUID id, String owner, String by, boolean atOnce) {
    return Judging.byFreshSnapshot(
        acts,
        snapshots,
        (act, snapshot) -> {
          AgentRecord agent = AgentRows.find(act.session(), id).orElseThrow();
          if (!agent.state(act.at()).equals("live")) {
            return dead(agent);
          }
          if (agent.parent().isPresent()) {
            return new Refused.Conflict(
                "A child has its parent's owner. Hand over the agent " + root(agent) + " instead.");
          }
          if (!snapshot.owners().lives(owner)) {
            return new Refused.Invalid("owner: there is no \"" + owner + "\" among the owners.");
          }
          return atOnce || within(agent.owner(), owner, snapshot)
              ? take(act, snapshot, agent, owner, by)
              : wait(act, agent, owner, by);
        });
  }

  /**
   * Takes what was offered. Whether the caller may speak for the offered owner is checked before.
   */
  public Changed accept(UUID id, Caller.Person caller) {
    return Judging.byFreshSnapshot(
        acts,
        snapshots,
        (act, snapshot) -> {
          AgentRecord agent = AgentRows.find(act.session(), id).orElseThrow();
          Optional<String> offered =
              agent.offeredTo().filter(owner -> Rights.speaksFor(caller, owner, snapshot));
          if (offered.isEmpty()) {
            return new Refused.Hidden("Nobody offers you this agent.");
          }
          return agent.state(act.at()).equals("live")
              ? take(act, snapshot, agent, offered.get(), caller.principal())
              : dead(agent);
        });
  }

  private static Refused dead(AgentRecord agent) {
    return new Refused.Conflict("The agent lives no more; it stays with " + agent.owner() + ".");
  }

  private static UUID root(AgentRecord agent) {
    return agent.lineage().get(agent.lineage().size() - 1);
  }

  /**
   * From a group to one of its members, and from one member's hands back to the group is not: that
   * widens who may act.
   */
  private static boolean within(String present, String next, Snapshot snapshot) {
    return present.startsWith("group:")
        && next.startsWith("user:")
        && snapshot.owners().isMember(bare(next), bare(present));
  }

  private static String bare(String owner) {
    return owner.substring(owner.indexOf(':') + 1);
  }

  private static Changed wait(Act act, AgentRecord agent, String owner, String by)
      throws SQLException {
    act.session().update("UPDATE agent SET offered_to = ? WHERE id = ?", owner, agent.id());
    return recorded(act, agent, "offer", owner, by, Optional.empty());
  }

  private static Changed take(
      Act act, Snapshot snapshot, AgentRecord agent, String owner, String by) throws SQLException {
    if (snapshot.accountable(owner, act.at()) instanceof OnDuty.Nobody(String reason)) {
      return new Refused.Conflict("Nobody answers for " + owner + " now: " + reason + ".");
    }
    act.session()
        .update(
            "UPDATE agent SET owner = ?, offered_to = NULL, revision = revision + 1"
                + " WHERE id = ? OR lineage @> ARRAY[?]",
            owner,
            agent.id(),
            agent.id());
    Optional<String> accountable =
        snapshot.accountable(owner, act.at()) instanceof OnDuty.Person person
            ? Optional.of(person.principal())
            : Optional.empty();
    return recorded(act, agent, "hand-over", owner, by, accountable);
  }

  private static Changed recorded(
      Act act,
      AgentRecord agent,
      String kind,
      String owner,
      String by,
      Optional<String> accountable)
      throws SQLException {
    Map<String, Object> body = Lifecycle.body(kind, agent.id(), by);
    body.put("from", agent.owner());
    body.put("to", owner);
    accountable.ifPresent(person -> body.put("accountable", person));
    act.record(Note.about(kind, agent.id(), body));
    return new Changed.To(AgentRows.find(act.session(), agent.id()).orElseThrow());
  }
}
