package dev.writ.policy;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A session of a role.
 *
 * @param role its ARN, compared byte for byte
 * @param allow what the session is to be allowed, without conditions; absent: all that is granted
 */
public record AwsRequest(String role, Optional<List<Statement>> allow) implements Request {
  public AwsRequest {
    allow = allow.map(Lists::asSet);
  }

  @Override
  public Map<String, Object> details() {
    Map<String, Object> details = new LinkedHashMap<>();
    details.put("type", "aws");
    details.put("role", role);
    allow.ifPresent(asked -> details.put("allow", asked.stream().map(Statement::details).toList()));
    return details;
  }
}
