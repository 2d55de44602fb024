package dev.writ.broker.exchange;

import dev.writ.broker.agent.AgentRecord;
import dev.writ.document.Json;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The JSON that is hashed into the ledger's leaves. Everything that blame needs, nothing secret.
 */
final class Bodies {
  private Bodies() {}

  /** What is common to all rows about a grant. */
  static Map<String, Object> of(String kind, Grant grant) {
    Agent agent = grant.agent();
    AgentRecord record = agent.record();
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("kind", kind);
    body.put("writ", grant.writ().toString());
    body.put("agent", agent.id().toString());
    putLineage(body, record);
    body.put("policy", grant.policy());
    body.put("grant", new Json.Written(grant.details()));
    body.put("owner", record.owner());
    body.put("accountable", grant.basis().accountable());
    body.put("launcher", record.launcher());
    record.requestedBy().ifPresent(by -> body.put("requested_by", by.person()));
    record.enrolment().ifPresent(enrolment -> body.put("enrolment", enrolment.number()));
    body.put("jkt", agent.proof().jkt());
    body.put("expires_at", grant.expiresAt().toString());
    return body;
  }

  /** The ancestors of an agent that has any, parent first. */
  static void putLineage(Map<String, Object> body, AgentRecord record) {
    if (!record.lineage().isEmpty()) {
      body.put("lineage", record.lineage().stream().map(Object::toString).toList());
    }
  }

  static byte[] bytes(Map<String, Object> body) {
    return Json.bytes(body);
  }
}
