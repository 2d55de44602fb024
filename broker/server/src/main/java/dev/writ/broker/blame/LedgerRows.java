package dev.writ.broker.blame;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.writ.broker.agent.AgentRecord;
import dev.writ.broker.agent.AgentRecord.Enrolment;
import dev.writ.broker.store.Row;
import dev.writ.broker.store.Session;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/** What the ledger says of an agent's launch and enrolments. Each look-up is by its index. */
final class LedgerRows {
  private static final ObjectMapper json = new ObjectMapper();

  private LedgerRows() {}

  private record Entry(long sequence, Instant at, JsonNode body) {
    Optional<String> text(String member) {
      return Optional.of(body.path(member)).filter(JsonNode::isTextual).map(JsonNode::textValue);
    }
  }

  /** The owner and the person who answered for it when the agent was launched. */
  record Launch(long sequence, Optional<String> owner, Optional<String> accountable) {}

  /** The launch is among the first rows that name the agent. */
  static Optional<Launch> launch(Session session, UUID agent) throws SQLException {
    return entry(
            session,
            "SELECT sequence, at, body FROM ledger WHERE agent = ? AND kind = 'launch' ORDER BY sequence LIMIT 1",
            agent)
        .map(entry -> new Launch(entry.sequence(), entry.text("owner"), entry.text("accountable")));
  }

  /**
   * An enrolment that has been replaced since.
   *
   * @param number of the enrolment
   * @param before sequence of the writ that was issued to it
   */
  static Optional<Enrolment> enrolment(Session session, AgentRecord agent, int number, long before)
      throws SQLException {
    Optional<Entry> enrolled = last(session, agent.id(), "enrol", before);
    if (enrolled.isEmpty()) {
      return Optional.empty();
    }
    String by =
        last(session, agent.id(), "enrolment", enrolled.get().sequence())
            .flatMap(entry -> entry.text("by"))
            .orElse(agent.launcher());
    return Optional.of(new Enrolment(number, by, enrolled.get().at()));
  }

  private static Optional<Entry> last(Session session, UUID agent, String kind, long before)
      throws SQLException {
    return entry(
        session,
        "SELECT sequence, at, body FROM ledger WHERE agent = ? AND sequence < ? AND kind = ?"
            + " ORDER BY sequence DESC LIMIT 1",
        agent,
        before,
        kind);
  }

  private static Optional<Entry> entry(Session session, String sql, Object... parameters)
      throws SQLException {
    return session.find(sql, LedgerRows::read, parameters);
  }

  private static Entry read(Row row) throws SQLException {
    try {
      return new Entry(
          row.longInteger("sequence"), row.instant("at"), json.readTree(row.string("body")));
    } catch (JsonProcessingException broken) {
      throw new SQLException("a row of the ledger is not JSON", broken);
    }
  }
}
