package dev.writ.broker.agent;

import dev.writ.broker.ledger.Objection;
import dev.writ.broker.store.Database;
import dev.writ.broker.store.Session;
import java.sql.SQLException;
import java.util.Optional;
import java.util.UUID;

/** Asks the database what stands against an agent now, in the words of {@code agent_objection}. */
public final class Objections {
  private Objections() {}

  /**
   * What stands against the agent.
   *
   * @param jkt the proven key, 32 bytes; absent where none was to be proven
   */
  public static Optional<Objection> find(Database database, UUID agent, Optional<byte[]> jkt) {
    return database.autoCommit(session -> find(session, agent, jkt));
  }

  static Optional<Objection> find(Session session, UUID agent, Optional<byte[]> jkt)
      throws SQLException {
    return session
        .find(
            "SELECT agent_objection(a, ?::bytea, clock_timestamp()) AS word FROM agent a WHERE id = ?",
            row -> row.findString("word").map(Objection::of),
            jkt,
            agent)
        .orElse(Optional.of(Objection.UNKNOWN));
  }

  /** The same as a sentence for the agent. */
  static Optional<String> of(Session session, UUID agent, Optional<byte[]> jkt)
      throws SQLException {
    return find(session, agent, jkt).map(Objections::sentence);
  }

  /** What to tell an agent. */
  public static String sentence(Objection objection) {
    return switch (objection) {
      case UNKNOWN -> "There is no such agent.";
      case KILLED -> "This agent was killed.";
      case EXPIRED -> "This agent's life has ended.";
      case ANCESTOR_KILLED -> "An ancestor of this agent was killed.";
      case ANCESTOR_EXPIRED -> "The life of an ancestor of this agent has ended.";
      case KEY ->
          "This key is no longer the agent's: it enrolled or renewed with another one since.";
    };
  }
}
