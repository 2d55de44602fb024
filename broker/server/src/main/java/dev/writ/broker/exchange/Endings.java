package dev.writ.broker.exchange;

import dev.writ.broker.agent.AgentRecord;
import dev.writ.broker.agent.AgentRows;
import dev.writ.broker.agent.Objections;
import dev.writ.broker.exchange.Authentication.Unauthenticated;
import dev.writ.broker.exchange.Authentication.Why;
import dev.writ.broker.ledger.Objection;
import dev.writ.broker.store.Database;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * Tells an agent that proved its key how it came to its end: killed by whom and why, or expired.
 */
public final class Endings {
  private final Database database;

  public Endings(Database database) {
    this.database = database;
  }

  /** Empty while nothing stands against the agent. */
  Optional<Outcome> of(Agent agent) {
    return Objections.find(database, agent.id(), Optional.of(agent.proof().row().jkt()))
        .map(found -> of(agent, found));
  }

  Outcome of(Agent agent, Objection objection) {
    return switch (objection) {
      case UNKNOWN, KEY ->
          new Outcome.Unauthenticated(Why.SUBJECT_TOKEN, Objections.sentence(Objection.KEY));
      case KILLED -> killed(agent.id(), Optional.empty());
      case EXPIRED -> expired(agent.id(), Optional.empty());
      case ANCESTOR_KILLED -> ancestorEnded(agent, "agent_killed");
      case ANCESTOR_EXPIRED -> ancestorEnded(agent, "agent_expired");
    };
  }

  /** The outcome of a failed authentication; with a proven key and a dead agent, how it died. */
  Outcome explain(Unauthenticated refused) {
    if (refused.proven().isEmpty()) {
      return new Outcome.Unauthenticated(refused.why(), refused.text());
    }
    UUID agent = refused.proven().get();
    return switch (state(agent)) {
      case "killed" -> killed(agent, Optional.of(refused.why()));
      case "expired" -> expired(agent, Optional.of(refused.why()));
      default ->
          new Outcome.Ended("svid_expired", Optional.of(refused.why()), refused.text(), Map.of());
    };
  }

  private String state(UUID agent) {
    return find(agent).map(record -> record.state(Instant.now())).orElse("unknown");
  }

  private Outcome killed(UUID agent, Optional<Why> why) {
    Optional<AgentRecord.Killed> killed = find(agent).flatMap(AgentRecord::killed);
    Map<String, Object> details = new LinkedHashMap<>();
    killed.ifPresent(by -> {
      details.put("killed_by", by.by());
      details.put("killed_at", by.at().toString());
      by.reason().ifPresent(reason -> details.put("kill_reason", reason));
    });
    String text =
        killed
            .map(by ->
                "This agent was killed by "
                    + by.by()
                    + by.reason().map(reason -> ": " + reason).orElse("")
                    + ".")
            .orElse("This agent was killed.");
    return new Outcome.Ended("agent_killed", why, text, details);
  }

  private Outcome expired(UUID agent, Optional<Why> why) {
    String at = find(agent).map(record -> record.expiresAt().toString()).orElse("its end");
    return new Outcome.Ended(
        "agent_expired",
        why,
        "This agent's life ended at " + at + ". Its launcher or owner can launch a new one.",
        Map.of());
  }

  private Outcome ancestorEnded(Agent agent, String reason) {
    for (UUID ancestor : agent.record().lineage()) {
      String state = state(ancestor);
      if (!state.equals("live")) {
        return new Outcome.Ended(
            reason,
            Optional.empty(),
            String.format(
                Locale.ROOT, "The agent %s, an ancestor of this one, is %s.", ancestor, state),
            Map.of("ancestor", ancestor.toString()));
      }
    }
    return new Outcome.Ended(
        reason, Optional.empty(), "An ancestor of this agent ended.", Map.of());
  }

  private Optional<AgentRecord> find(UUID agent) {
    return database.autoCommit(session -> AgentRows.find(session, agent));
  }
}
