package dev.writ.broker.agent;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.writ.broker.agent.AgentRecord.Context;
import dev.writ.broker.agent.AgentRecord.Enrolment;
import dev.writ.broker.agent.AgentRecord.Key;
import dev.writ.broker.agent.AgentRecord.Killed;
import dev.writ.broker.agent.AgentRecord.RequestedBy;
import dev.writ.broker.store.Row;
import dev.writ.broker.store.Session;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Reads the table {@code agent}. */
public final class AgentRows {
  private static final ObjectMapper json = new ObjectMapper();

  private static final String COLUMNS =
      "id, policy, launched_policy, owner, offered_to, launcher, requested_by, requested_by_claimed, parent, lineage,"
          + " narrow, task, role, labels::text AS labels, harness, session, model, continues, launched_at, expires_at,"
          + " killed_at, killed_by, kill_reason, revision, enrolment, enrolled_by, enrolled_at, jkt, jkt_until,"
          + " jkt_before, jkt_before_until";

  private AgentRows() {}

  public static Optional<AgentRecord> find(Session session, UUID id) throws SQLException {
    return session.find("SELECT " + COLUMNS + " FROM agent WHERE id = ?", AgentRows::read, id);
  }

  /**
   * @param where SQL condition and order, written by us, with {@code ?} for the parameters
   */
  static List<AgentRecord> list(Session session, String where, Object... parameters)
      throws SQLException {
    return session.list("SELECT " + COLUMNS + " FROM agent " + where, AgentRows::read, parameters);
  }

  private static AgentRecord read(Row row) throws SQLException {
    return new AgentRecord(
        row.uuid("id"),
        row.string("policy"),
        row.string("launched_policy"),
        row.string("owner"),
        row.findString("offered_to"),
        row.string("launcher"),
        requestedBy(row),
        row.findUuid("parent"),
        row.uuids("lineage"),
        row.findString("narrow"),
        row.findString("task"),
        row.findString("role"),
        labels(row.string("labels")),
        context(row),
        row.instant("launched_at"),
        row.instant("expires_at"),
        killed(row),
        row.integer("revision"),
        enrolment(row),
        key(row, "jkt", "jkt_until"),
        key(row, "jkt_before", "jkt_before_until"));
  }

  private static Optional<RequestedBy> requestedBy(Row row) throws SQLException {
    boolean claimed = row.bool("requested_by_claimed");
    return row.findString("requested_by").map(person -> new RequestedBy(person, claimed));
  }

  private static Optional<Context> context(Row row) throws SQLException {
    Optional<String> harness = row.findString("harness");
    Optional<String> session = row.findString("session");
    if (harness.isEmpty() || session.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new Context(
            harness.get(), session.get(), row.findString("model"), row.findUuid("continues")));
  }

  private static Optional<Killed> killed(Row row) throws SQLException {
    Optional<java.time.Instant> at = row.findInstant("killed_at");
    return at.isEmpty()
        ? Optional.empty()
        : Optional.of(new Killed(at.get(), row.string("killed_by"), row.findString("kill_reason")));
  }

  private static Optional<Enrolment> enrolment(Row row) throws SQLException {
    int number = row.integer("enrolment");
    return number == 0
        ? Optional.empty()
        : Optional.of(new Enrolment(number, row.string("enrolled_by"), row.instant("enrolled_at")));
  }

  private static Optional<Key> key(Row row, String jkt, String until) throws SQLException {
    Optional<byte[]> thumbprint = row.findBytes(jkt);
    return thumbprint.isEmpty()
        ? Optional.empty()
        : Optional.of(new Key(thumbprint.get(), row.instant(until)));
  }

  private static Map<String, String> labels(String text) throws SQLException {
    try {
      return json.readValue(text, new TypeReference<Map<String, String>>() {});
    } catch (JsonProcessingException impossible) {
      throw new SQLException("labels are not an object of strings", impossible);
    }
  }
}
