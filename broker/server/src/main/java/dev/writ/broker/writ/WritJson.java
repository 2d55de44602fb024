package dev.writ.broker.writ;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Writs as lists show them. */
public final class WritJson {
  private static final ObjectMapper json = new ObjectMapper();

  private WritJson() {}

  public static Map<String, Object> of(Writ writ, Instant now) {
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("writ", writ.id().toString());
    members.put("agent", writ.agent().toString());
    members.put("target", writ.target());
    members.put("grant", grant(writ));
    members.put("state", writ.state(now));
    members.put("policy", writ.policy());
    members.put("owner", writ.owner());
    members.put("accountable", writ.accountable());
    members.put("issued_at", writ.issuedAt().toString());
    members.put("expires_at", writ.expiresAt().toString());
    writ.endedAt().ifPresent(at -> members.put("ended_at", at.toString()));
    writ.endedBy().ifPresent(by -> members.put("ended_by", by));
    return members;
  }

  /** The authorization_details that were granted. */
  public static List<Object> grant(Writ writ) {
    try {
      return json.readValue(writ.grant(), new TypeReference<List<Object>>() {});
    } catch (JsonProcessingException broken) {
      throw new IllegalStateException("the grant of writ " + writ.id() + " is not a list", broken);
    }
  }
}
