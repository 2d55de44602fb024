package dev.writ.policy;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A token for one of our own resource servers.
 *
 * @param audience compared byte for byte
 * @param scopes absent: all that are granted
 */
public record InternalRequest(String audience, Optional<List<String>> scopes) implements Request {
  public InternalRequest {
    scopes = scopes.map(Lists::asSet);
  }

  @Override
  public Map<String, Object> details() {
    Map<String, Object> details = new LinkedHashMap<>();
    details.put("type", "internal");
    details.put("audience", audience);
    scopes.ifPresent(asked -> details.put("scopes", asked));
    return details;
  }
}
