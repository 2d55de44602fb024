package dev.writ.broker.agent;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.writ.broker.store.Database;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * This node's copies of agents' records. They may be old: the ledger's append judges the present
 * state, and refuses a row that was made from an old revision. Losing the cache costs a look-up.
 */
public final class AgentCache {
  private static final int AGENTS_MAX = 100_000;

  private final Database database;
  private final Cache<UUID, AgentRecord> records =
      Caffeine.newBuilder().maximumSize(AGENTS_MAX).build();

  public AgentCache(Database database) {
    this.database = database;
  }

  /** The agent's record and its ancestors', parent first; empty if there is no such agent. */
  public List<AgentRecord> line(UUID id) {
    Optional<AgentRecord> agent = find(id);
    if (agent.isEmpty()) {
      return List.of();
    }
    if (agent.get().lineage().isEmpty()) {
      return List.of(agent.get());
    }
    List<AgentRecord> line = new ArrayList<>();
    line.add(agent.get());
    for (UUID ancestor : agent.get().lineage()) {
      line.add(find(ancestor).orElseThrow());
    }
    return line;
  }

  /** Makes the next look-up of the agent ask the database. */
  public void forget(UUID id) {
    records.invalidate(id);
  }

  private Optional<AgentRecord> find(UUID id) {
    AgentRecord known = records.getIfPresent(id);
    if (known != null) {
      return Optional.of(known);
    }
    Optional<AgentRecord> found = database.autoCommit(session -> AgentRows.find(session, id));
    found.ifPresent(record -> records.put(id, record));
    return found;
  }
}
