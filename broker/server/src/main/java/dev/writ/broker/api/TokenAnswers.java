package dev.writ.broker.api;

import dev.writ.broker.exchange.Authentication.Why;
import dev.writ.broker.exchange.Outcome;
import dev.writ.broker.http.Answer;
import dev.writ.document.Json;
import dev.writ.policy.InternalGrant;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Words outcomes as OAuth answers and errors (RFC 6749 section 5, RFC 8693 section 2.2). */
final class TokenAnswers {
  private static final String CHALLENGE = "DPoP algs=\"ES256\"";

  /** No cache may keep a credential (RFC 6749 section 5.1). */
  private static final Map<String, String> CREDENTIAL =
      Map.of("Content-Type", "application/json", "Cache-Control", "no-store", "Pragma", "no-cache");

  private final Clock clock;
  private final OAuthErrors errors;

  TokenAnswers(Clock clock, OAuthErrors errors) {
    this.clock = clock;
    this.errors = errors;
  }

  Answer of(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Issued issued -> issued(issued);
      case Outcome.Denied denied -> denied(denied);
      case Outcome.NotConfigured(String target) ->
          errors.of(
              400,
              "invalid_target",
              "The policy allows this, but the target is not configured here ("
                  + target
                  + "). Tell the operator.",
              Map.of("reason", "target_not_configured"));
      case Outcome.Malformed(String text) -> errors.invalidRequest(text, Map.of());
      case Outcome.Unauthenticated(Why why, String text) -> unauthenticated(why, text);
      case Outcome.Ended ended -> ended(ended);
      case Outcome.TargetRefused(String text) ->
          errors.of(400, "invalid_target", text, Map.of("reason", "target_refused"));
      case Outcome.Exhausted(String text, Instant until) -> exhausted(text, until);
      case Outcome.Unconfirmed(String text) ->
          errors.unavailable(503, text, 10, Map.of("reason", "policy_unconfirmed"));
      case Outcome.TargetFailed(String text) -> errors.unavailable(503, text, 5, Map.of());
    };
  }

  private Answer exhausted(String text, Instant until) {
    long seconds = Math.max(1, Duration.between(clock.instant(), until).toSeconds() + 1);
    return errors.unavailable(
        429, text, seconds, Map.of("reason", "target_exhausted", "retry_at", until.toString()));
  }

  private Answer issued(Outcome.Issued issued) {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("access_token", issued.secret());
    body.put("issued_token_type", issued.type().uri());
    body.put("token_type", issued.tokenType());
    body.put(
        "expires_in",
        Math.max(0, Duration.between(clock.instant(), issued.expiresAt()).toSeconds()));
    if (issued.granted() instanceof InternalGrant internal && !internal.scopes().isEmpty()) {
      body.put("scope", String.join(" ", internal.scopes()));
    }
    body.put("authorization_details", List.of(issued.granted().details()));
    body.put("writ", issued.writ().toString());
    return new Answer(200, CREDENTIAL, Json.bytes(body));
  }

  private Answer denied(Outcome.Denied denied) {
    Map<String, Object> details = new LinkedHashMap<>(denied.denial().details());
    details.put("policy", denied.policy());
    return errors.of(
        400, denied.denial().code().word(), sentence(denied), Map.of("denial", details));
  }

  private static String sentence(Outcome.Denied denied) {
    return "Refused by "
        + denied.policy()
        + " ("
        + denied.denial().rule().word()
        + "): "
        + denied.denial().hint()
        + ".";
  }

  private Answer unauthenticated(Why why, String text) {
    return switch (why) {
      case NO_PROOF, CERTIFICATE_EXPIRED -> errors.invalidClient(text, CHALLENGE, Map.of());
      case DPOP -> errors.of(400, "invalid_dpop_proof", text, Map.of());
      case SUBJECT_TOKEN, SUBJECT_TOKEN_EXPIRED ->
          errors.invalidRequest(text, Map.of("reason", "subject_token"));
    };
  }

  private Answer ended(Outcome.Ended ended) {
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("reason", ended.reason());
    members.putAll(ended.details());
    return ended.why().filter(why -> why == Why.CERTIFICATE_EXPIRED).isPresent()
        ? errors.invalidClient(ended.text(), CHALLENGE, members)
        : errors.invalidRequest(ended.text(), members);
  }

  /** At endpoints that are not OAuth's, nobody known is 401 whatever the reason. */
  Answer notAuthenticated(String text) {
    return errors.invalidClient(text, CHALLENGE, Map.of());
  }
}
