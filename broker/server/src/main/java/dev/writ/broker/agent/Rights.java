package dev.writ.broker.agent;

import dev.writ.broker.access.Caller;
import dev.writ.broker.authority.Snapshot;
import java.util.Set;
import java.util.UUID;

/**
 * Who may do what with an agent: the table of the architecture. Whoever may not is told the same as
 * if there were no such agent.
 */
public final class Rights {
  private final Set<String> admins;
  private final Set<String> auditors;

  /**
   * @param admins principals, such as {@code keycloak/group:security}
   */
  public Rights(Set<String> admins, Set<String> auditors) {
    this.admins = Set.copyOf(admins);
    this.auditors = Set.copyOf(auditors);
  }

  /** Everything administrative. */
  public boolean administers(Caller caller) {
    return caller instanceof Caller.Operator || isOneOf(admins, caller);
  }

  /** Reads everything, changes nothing. */
  public boolean audits(Caller caller) {
    return administers(caller) || isOneOf(auditors, caller);
  }

  public boolean reads(Caller caller, AgentRecord agent, Snapshot snapshot) {
    return audits(caller) || kills(caller, agent, snapshot);
  }

  public boolean kills(Caller caller, AgentRecord agent, Snapshot snapshot) {
    return extendsLife(caller, agent, snapshot)
        || (caller instanceof Caller.OfAgent(UUID id)
            && (agent.id().equals(id) || agent.lineage().contains(id)));
  }

  public boolean extendsLife(Caller caller, AgentRecord agent, Snapshot snapshot) {
    return reenrols(caller, agent, snapshot) || owns(caller, agent, snapshot);
  }

  public boolean reenrols(Caller caller, AgentRecord agent, Snapshot snapshot) {
    return administers(caller) || launched(caller, agent, snapshot);
  }

  public boolean handsOver(Caller caller, AgentRecord agent, Snapshot snapshot) {
    return administers(caller) || owns(caller, agent, snapshot);
  }

  /** Whether the caller launched the agent, and may still launch: a removed person may not. */
  private static boolean launched(Caller caller, AgentRecord agent, Snapshot snapshot) {
    return agent.launcher().equals(caller.principal())
        && snapshot.launcherLives(caller.principal());
  }

  private static boolean owns(Caller caller, AgentRecord agent, Snapshot snapshot) {
    return caller instanceof Caller.Person person && speaksFor(person, agent.owner(), snapshot);
  }

  /** Whether a person is the owner, or a member of the owning group, and may still act. */
  static boolean speaksFor(Caller.Person person, String owner, Snapshot snapshot) {
    if (!snapshot.launcherLives(person.principal())) {
      return false;
    }
    if (owner.startsWith("group:")) {
      String group = owner.substring("group:".length());
      return person.groups().contains(group) || snapshot.owners().isMember(person.name(), group);
    }
    return owner.equals(person.owner());
  }

  private static boolean isOneOf(Set<String> principals, Caller caller) {
    return caller.names().stream().anyMatch(principals::contains);
  }
}
