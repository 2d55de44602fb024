package dev.writ.policy;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Scopes at one of our own resource servers.
 *
 * @param audience compared byte for byte
 * @param scopes sorted; none allows nothing
 */
public record InternalGrant(String audience, List<String> scopes) implements Grant {
  public InternalGrant {
    scopes = Lists.asSet(scopes);
  }

  @Override
  public Map<String, Object> details() {
    Map<String, Object> details = new LinkedHashMap<>();
    details.put("type", "internal");
    details.put("audience", audience);
    details.put("scopes", scopes);
    return details;
  }
}
