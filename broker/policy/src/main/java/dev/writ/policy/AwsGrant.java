package dev.writ.policy;

import dev.writ.document.Json;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a role's session may do.
 *
 * @param role the role's ARN
 * @param allow any of these, sorted; none allows nothing
 */
public record AwsGrant(String role, List<Statement> allow) implements Grant {
  /** Of an inline session policy, in characters (AWS STS, AssumeRoleWithWebIdentity). */
  public static final int SESSION_POLICY_LENGTH_MAX = 2048;

  public AwsGrant {
    allow = Lists.asSet(allow);
  }

  /**
   * The IAM session policy that says this, as JSON. Never longer than allowed in a grant that was
   * judged.
   */
  public String sessionPolicy() {
    Map<String, Object> policy = new LinkedHashMap<>();
    policy.put("Version", "2012-10-17");
    policy.put("Statement", allow.stream().map(AwsGrant::iam).toList());
    return Json.write(policy);
  }

  private static Map<String, Object> iam(Statement statement) {
    Map<String, Object> iam = new LinkedHashMap<>();
    iam.put("Effect", "Allow");
    iam.put("Action", Lists.texts(statement.actions()));
    iam.put("Resource", Lists.texts(statement.resources()));
    if (!statement.conditions().isEmpty()) {
      iam.put("Condition", statement.conditions().details());
    }
    return iam;
  }

  boolean fits() {
    return sessionPolicy().length() <= SESSION_POLICY_LENGTH_MAX;
  }

  @Override
  public Map<String, Object> details() {
    Map<String, Object> details = new LinkedHashMap<>();
    details.put("type", "aws");
    details.put("role", role);
    details.put("allow", allow.stream().map(Statement::details).toList());
    return details;
  }
}
