package dev.writ.broker.blame;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
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
   * An enrolment that has been replaced since. Enrolments are few, and have an index of their own.
   *
   * @param number of the enrolment, from 1
   */
  static Optional<Enrolment> enrolment(Session session, UUID agent, int number)
      throws SQLException {
    return entry(
            session,
            "SELECT sequence, at, body FROM ledger WHERE agent = ? AND kind = 'enrol'"
                + " AND (body::jsonb ->> 'number')::int = ?",
            agent,
            number)
        .flatMap(entry -> entry.text("by").map(by -> new Enrolment(number, by, entry.at())));
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
