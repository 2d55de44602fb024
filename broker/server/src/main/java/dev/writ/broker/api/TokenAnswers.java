package dev.writ.broker.api;

import dev.writ.broker.exchange.Authentication.Why;
import dev.writ.broker.exchange.Outcome;
import dev.writ.broker.http.Answer;
import dev.writ.policy.InternalGrant;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Words outcomes as OAuth answers and errors (RFC 6749 section 5, RFC 8693 section 2.2). */
final class TokenAnswers {
  private static final String CHALLENGE = "DPoP algs=\"ES256\"";

  private final Clock clock;

  TokenAnswers(Clock clock) {
    this.clock = clock;
  }

  Answer of(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Issued issued -> issued(issued);
      case Outcome.Denied denied -> denied(denied);
      case Outcome.NotConfigured(String target) ->
          OAuthErrors.of(
              400,
              "invalid_target",
              "The policy allows this, but the target is not configured here ("
                  + target
                  + "). Tell the operator.",
              Map.of("reason", "target_not_configured"));
      case Outcome.Malformed(String text) -> OAuthErrors.invalidRequest(text, Map.of());
      case Outcome.Unauthenticated(Why why, String text) -> unauthenticated(why, text);
      case Outcome.Ended ended -> ended(ended);
      case Outcome.TargetFailed(String text) ->
          OAuthErrors.unavailable(text).with("Retry-After", "5");
    };
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
    return Answer.json(body).secret().with("Pragma", "no-cache");
  }

  private static Answer denied(Outcome.Denied denied) {
    Map<String, Object> details = new LinkedHashMap<>(denied.denial().details());
    details.put("policy", denied.policy());
    return OAuthErrors.of(
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

  private static Answer unauthenticated(Why why, String text) {
    return switch (why) {
      case NO_PROOF, CERTIFICATE_EXPIRED -> OAuthErrors.invalidClient(text, CHALLENGE, Map.of());
      case DPOP -> OAuthErrors.of(400, "invalid_dpop_proof", text, Map.of());
      case SUBJECT_TOKEN, SUBJECT_TOKEN_EXPIRED ->
          OAuthErrors.invalidRequest(text, Map.of("reason", "subject_token"));
    };
  }

  private static Answer ended(Outcome.Ended ended) {
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("reason", ended.reason());
    members.putAll(ended.details());
    return ended.why().filter(why -> why == Why.CERTIFICATE_EXPIRED).isPresent()
        ? OAuthErrors.invalidClient(ended.text(), CHALLENGE, members)
        : OAuthErrors.invalidRequest(ended.text(), members);
  }
}
