package dev.writ.broker.doctor;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.writ.broker.config.AwsAccount;
import dev.writ.broker.config.Config;
import dev.writ.broker.token.WebIdentityTokens;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What an AWS account needs so that this broker's agents can be given sessions of a role: an
 * identity provider for the issuer, and the role's trust in it (IAM User Guide, "Create a role for
 * OpenID Connect federation").
 */
public final class RoleTemplates {
  /** IAM roles allow sessions of an hour unless told otherwise. */
  private static final Duration SESSION_USUAL = Duration.ofHours(1);

  private static final Pattern ROLE =
      Pattern.compile(
          "arn:(aws(?:-[a-z]+){0,3}):iam::((?:[0-9]{12})?):role(/(?:[A-Za-z0-9+=,.@_-]+/)*)([A-Za-z0-9+=,.@_-]{1,64})");

  private static final List<String> ACTIONS =
      List.of("sts:AssumeRoleWithWebIdentity", "sts:TagSession", "sts:SetSourceIdentity");

  private static final ObjectMapper JSON = new ObjectMapper();

  private final String partition;
  private final String account;
  private final String path;
  private final String name;
  private final URI issuer;
  private final String subjects;
  private final Duration sessionMax;

  private RoleTemplates(Config config, Matcher role, URI issuer) {
    this.partition = role.group(1);
    this.account = role.group(2);
    this.path = role.group(3);
    this.name = role.group(4);
    this.issuer = issuer;
    this.subjects = "spiffe://" + config.trustDomain() + "/agent/*";
    Duration longest = config.limits().credentialLifetime();
    this.sessionMax = longest.compareTo(SESSION_USUAL) > 0 ? longest : SESSION_USUAL;
  }

  /**
   * @throws IllegalArgumentException if it is no role of a configured account; the message says
   *     what is expected
   */
  public static RoleTemplates of(Config config, String role) {
    Matcher matcher = ROLE.matcher(role);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "expected a role's ARN, such as arn:aws:iam::123456789012:role/agents");
    }
    String account = matcher.group(2);
    Optional<AwsAccount> configured =
        config.aws().stream().filter(one -> one.account().equals(account)).findFirst();
    if (configured.isEmpty()) {
      throw new IllegalArgumentException(
          "the account "
              + (account.isEmpty() ? "\"\"" : account)
              + " is not under aws: in the configuration, which names "
              + (config.aws().isEmpty()
                  ? "none"
                  : config.aws().stream()
                      .map(one -> "\"" + one.account() + "\"")
                      .collect(Collectors.joining(", "))));
    }
    return new RoleTemplates(config, matcher, configured.get().issuer().orElse(config.stsIssuer()));
  }

  /** The role's trust policy, JSON. */
  public String trust() {
    try {
      return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(policy(provider()));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("maps and lists can always be written", e);
    }
  }

  private String provider() {
    return "arn:" + partition + ":iam::" + account + ":oidc-provider/" + key();
  }

  /** As IAM names the provider in ARNs and conditions: the issuer without its scheme. */
  private String key() {
    return issuer.toString().replaceFirst("^https?://", "");
  }

  private Map<String, Object> policy(Object provider) {
    Map<String, Object> statement = new LinkedHashMap<>();
    statement.put("Effect", "Allow");
    statement.put("Principal", Map.of("Federated", provider));
    statement.put("Action", ACTIONS);
    Map<String, Object> condition = new LinkedHashMap<>();
    condition.put("StringEquals", Map.of(key() + ":aud", WebIdentityTokens.AUDIENCE));
    condition.put("StringLike", Map.of(key() + ":sub", subjects));
    statement.put("Condition", condition);
    Map<String, Object> policy = new LinkedHashMap<>();
    policy.put("Version", "2012-10-17");
    policy.put("Statement", List.of(statement));
    return policy;
  }

  /** Terraform (hashicorp/aws) for the provider and the role. */
  public String terraform() {
    return """
    # Trust in the issuer %s. One per account.
    resource "aws_iam_openid_connect_provider" "writ" {
      url            = %s
      client_id_list = [%s]
    }

    # What agents are given is never more than this role may do: attach to it what the widest policy grants.
    resource "aws_iam_role" %s {
      name                 = %s
      path                 = %s
      max_session_duration = %d
      assume_role_policy   = jsonencode(%s)
    }
    """
        .formatted(
            issuer,
            Hcl.text(issuer.toString()),
            Hcl.text(WebIdentityTokens.AUDIENCE),
            Hcl.text(Hcl.label(name)),
            Hcl.text(name),
            Hcl.text(path),
            sessionMax.toSeconds(),
            Hcl.value(policy(new Hcl.Reference("aws_iam_openid_connect_provider.writ.arn")), "  "));
  }
}
