package dev.writ.broker.api;

import com.nimbusds.oauth2.sdk.ErrorObject;
import com.nimbusds.oauth2.sdk.OAuth2Error;
import dev.writ.broker.exchange.Authentication.Why;
import dev.writ.broker.exchange.Outcome;
import dev.writ.broker.http.Answer;
import dev.writ.broker.token.Masked;
import dev.writ.document.Json;
import dev.writ.policy.InternalGrant;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Words outcomes as OAuth answers and errors (RFC 6749 section 5, RFC 8693 section 2.2). The one
 * place that does.
 */
final class TokenAnswers {
  /** No cache may keep a credential (RFC 6749 section 5.1). */
  private static final Map<String, String> CREDENTIAL =
      Map.of("Content-Type", "application/json", "Cache-Control", "no-store", "Pragma", "no-cache");

  private final Clock clock;
  private final String codeMember;
  private final String textMember;

  private TokenAnswers(Clock clock, String codeMember, String textMember) {
    this.clock = clock;
    this.codeMember = codeMember;
    this.textMember = textMember;
  }

  /** Errors as OAuth writes them. */
  static TokenAnswers oauth(Clock clock) {
    return new TokenAnswers(clock, "error", "error_description");
  }

  /** The same errors as AWS SDKs' container credential provider reads them. */
  static TokenAnswers container(Clock clock) {
    return new TokenAnswers(clock, "code", "message");
  }

  Answer of(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Issued issued -> issued(issued);
      case Outcome.Denied denied -> denied(denied);
      case Outcome.NotConfigured(String target) ->
          error(
              400,
              "invalid_target",
              "The policy allows this, but the target is not configured here ("
                  + target
                  + "). Tell the operator.",
              Map.of("reason", "target_not_configured"));
      case Outcome.Malformed(String text) -> error(OAuth2Error.INVALID_REQUEST, text, Map.of());
      case Outcome.Unauthenticated(Why why, String text) -> unauthenticated(why, text);
      case Outcome.Ended ended -> ended(ended);
      case Outcome.TargetRefused(String text) ->
          error(400, "invalid_target", text, Map.of("reason", "target_refused"));
      case Outcome.Exhausted(String text, Instant until) -> exhausted(text, until);
      case Outcome.TargetFailed(String text) ->
          error(503, OAuth2Error.TEMPORARILY_UNAVAILABLE.getCode(), text, Map.of())
              .with("Retry-After", "5");
    };
  }

  /** The record cannot be made durable. */
  Answer unavailable() {
    return error(
            503,
            OAuth2Error.TEMPORARILY_UNAVAILABLE.getCode(),
            "The ledger is not available, so nothing was issued. Try again.",
            Map.of())
        .with("Retry-After", "1");
  }

  private Answer exhausted(String text, Instant until) {
    long seconds = Math.max(1, Duration.between(clock.instant(), until).toSeconds() + 1);
    return error(
            429,
            OAuth2Error.TEMPORARILY_UNAVAILABLE.getCode(),
            text,
            Map.of("reason", "target_exhausted", "retry_at", until.toString()))
        .with("Retry-After", Long.toString(seconds));
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
    return error(400, denied.denial().code().word(), sentence(denied), Map.of("denial", details));
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
      case NO_PROOF, CERTIFICATE_EXPIRED -> invalidClient(text, Map.of());
      case DPOP -> error(400, "invalid_dpop_proof", text, Map.of());
      case SUBJECT_TOKEN, SUBJECT_TOKEN_EXPIRED ->
          error(OAuth2Error.INVALID_REQUEST, text, Map.of("reason", "subject_token"));
    };
  }

  private Answer ended(Outcome.Ended ended) {
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("reason", ended.reason());
    members.putAll(ended.details());
    return ended.why().filter(why -> why == Why.CERTIFICATE_EXPIRED).isPresent()
        ? invalidClient(ended.text(), members)
        : error(OAuth2Error.INVALID_REQUEST, ended.text(), members);
  }

  /** At endpoints that are not OAuth's, nobody known is 401 whatever the reason. */
  Answer notAuthenticated(String text) {
    return invalidClient(text, Map.of());
  }

  private Answer invalidClient(String text, Map<String, ?> members) {
    return error(401, OAuth2Error.INVALID_CLIENT.getCode(), text, members)
        .with("WWW-Authenticate", "DPoP algs=\"ES256\"");
  }

  private Answer error(ErrorObject error, String text, Map<String, ?> members) {
    return error(error.getHTTPStatusCode(), error.getCode(), text, members);
  }

  private Answer error(int status, String code, String text, Map<String, ?> members) {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put(codeMember, code);
    body.put(textMember, ErrorObject.removeIllegalChars(text.replace('"', '\'')));
    body.putAll(members);
    return Answer.text(status, "application/json", Masked.of(Json.write(body))).secret();
  }
}
