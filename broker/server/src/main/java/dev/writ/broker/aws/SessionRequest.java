package dev.writ.broker.aws;

import dev.writ.broker.token.SignedToken;
import dev.writ.policy.AwsGrant;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * One session that STS is asked for. There is none without a session policy: AWS would read that as
 * all that the role has.
 *
 * @param policy JSON that holds the grant
 * @param agent whose UUID is the session's name
 */
record SessionRequest(AwsGrant grant, String policy, UUID agent, Duration life) {
  private static final String VERSION = "2011-06-15";

  /** What STS takes in a session policy (AssumeRoleWithWebIdentity, Policy). */
  private static final Pattern POLICY =
      Pattern.compile(
          "[\\u0009\\u000A\\u000D\\u0020-\\u00FF]{1," + AwsGrant.SESSION_POLICY_LENGTH_MAX + "}");

  /** The request, or why it must not be made. */
  sealed interface Made {
    /** Sound. */
    record Sound(SessionRequest request) implements Made {}

    /** AWS would read it as more than is meant, or refuse it. */
    record Unsound(String why) implements Made {}
  }

  /**
   * The policy language has seen to all of this. It is looked at again where it is sent, for an
   * empty policy would mean everything.
   */
  static Made of(AwsGrant grant, UUID agent, Duration life) {
    String policy = grant.sessionPolicy();
    return unsound(grant, policy)
        .<Made>map(Made.Unsound::new)
        .orElseGet(() -> new Made.Sound(new SessionRequest(grant, policy, agent, life)));
  }

  private static Optional<String> unsound(AwsGrant grant, String policy) {
    boolean nothing =
        grant.allow().isEmpty()
            || grant.allow().stream()
                .anyMatch(one -> one.actions().isEmpty() || one.resources().isEmpty());
    if (nothing) {
      return Optional.of("Nothing is asked for; without a session policy AWS would give it all");
    }
    boolean variable =
        grant.allow().stream()
            .anyMatch(one ->
                one.actions().stream().anyMatch(action -> action.toString().contains("${"))
                    || one.resources().stream()
                        .anyMatch(resource -> resource.toString().contains("${")));
    if (variable) {
      return Optional.of(
          "An action or a resource holds a policy variable (${...}); what it stands for is not known here");
    }
    if (policy.length() > AwsGrant.SESSION_POLICY_LENGTH_MAX) {
      return Optional.of(
          "The session policy would take %d characters, and AWS takes %d: ask for fewer actions and resources at once"
              .formatted(policy.length(), AwsGrant.SESSION_POLICY_LENGTH_MAX));
    }
    return POLICY.matcher(policy).matches()
        ? Optional.empty()
        : Optional.of(
            "A condition of the policy holds characters that AWS does not take in a session policy (beyond U+00FF)");
  }

  /** The form, with spaces as {@code %20}: radosgw does not read them as {@code +}. */
  String form(SignedToken token) {
    Map<String, String> form = new LinkedHashMap<>();
    form.put("Action", "AssumeRoleWithWebIdentity");
    form.put("Version", VERSION);
    form.put("RoleArn", grant.role());
    form.put("RoleSessionName", sessionName());
    form.put("DurationSeconds", String.valueOf(life.toSeconds()));
    form.put("Policy", policy);
    form.put("WebIdentityToken", token.text());
    return form.entrySet().stream()
        .map(one -> one.getKey() + "=" + encoded(one.getValue()))
        .collect(Collectors.joining("&"));
  }

  String sessionName() {
    return agent.toString();
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
