package dev.writ.broker.agent;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.writ.broker.store.Database;
import java.util.List;
import java.util.UUID;

/**
 * This node's copies of agents' records, each with those of its ancestors. They may be old: the
 * ledger's append judges the present state, and refuses a row that was made from an old revision of
 * the agent. An ancestor's is as old as the agent's at most, so it never ends before the agent.
 * Losing the cache costs a look-up.
 */
public final class AgentCache {
  private static final int AGENTS_MAX = 100_000;

  private final Database database;
  private final Cache<UUID, List<AgentRecord>> lines =
      Caffeine.newBuilder().maximumSize(AGENTS_MAX).build();

  public AgentCache(Database database) {
    this.database = database;
  }

  /** The agent's record and its ancestors', parent first; empty if there is no such agent. */
  public List<AgentRecord> line(UUID id) {
    List<AgentRecord> known = lines.getIfPresent(id);
    if (known != null) {
      return known;
    }
    List<AgentRecord> found = List.copyOf(database.autoCommit(session -> Lines.of(session, id)));
    if (!found.isEmpty()) {
      lines.put(id, found);
    }
    return found;
  }

  /** Makes the next look-up of the agent ask the database. */
  public void forget(UUID id) {
    lines.invalidate(id);
  }
}
