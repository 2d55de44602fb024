package dev.writ.broker.agent;

import dev.writ.broker.ledger.Acts;
import dev.writ.broker.ledger.Acts.Act;
import dev.writ.broker.ledger.Acts.Note;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What an agent's owner has to hear of, such as signs that somebody else holds its key or token: a
 * row in the ledger that the owner sees with the agent, a log line, and a metric to alert on.
 */
public final class Alarms {
  private static final Logger log = LoggerFactory.getLogger(Alarms.class);

  private final Acts acts;
  private final AtomicLong raised = new AtomicLong();

  public Alarms(Acts acts) {
    this.acts = acts;
  }

  /** How many this node raised since it started. */
  public long raised() {
    return raised.get();
  }

  /** Raises one that no other act has to do with. */
  public void raise(AgentRecord agent, String what) {
    acts.act(act -> {
      raise(act, agent, what);
      return what;
    });
  }

  void raise(Act act, AgentRecord agent, String what) throws SQLException {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("kind", "alarm");
    body.put("agent", agent.id().toString());
    body.put("owner", agent.owner());
    body.put("what", what);
    act.record(Note.about("alarm", agent.id(), body));
    raised.incrementAndGet();
    log.warn("Alarm for {} about agent {}: {}", agent.owner(), agent.id(), what);
  }

  /**
   * The agent's owner need not be told of the same thing by every request: at most one row a minute
   * and agent.
   */
  boolean recent(Act act, UUID agent) throws SQLException {
    return act.session()
        .one(
            "SELECT EXISTS (SELECT FROM ledger WHERE agent = ? AND kind = 'alarm' AND at > ?) AS recent",
            row -> row.bool("recent"),
            agent,
            act.at().minusSeconds(60));
  }
}
