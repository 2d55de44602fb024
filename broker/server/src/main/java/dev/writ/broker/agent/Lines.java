package dev.writ.broker.agent;

import dev.writ.broker.store.Session;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Reads an agent together with its ancestors. */
public final class Lines {
  private Lines() {}

  /** The agent, then its ancestors, parent first; empty if there is no such agent. */
  public static List<AgentRecord> of(Session session, UUID id) throws SQLException {
    Optional<AgentRecord> agent = AgentRows.find(session, id);
    if (agent.isEmpty()) {
      return List.of();
    }
    List<AgentRecord> line = new ArrayList<>();
    line.add(agent.get());
    for (UUID ancestor : agent.get().lineage()) {
      line.add(AgentRows.find(session, ancestor).orElseThrow());
    }
    return line;
  }
}
