package dev.writ.broker.api;

import com.nimbusds.oauth2.sdk.ErrorObject;
import com.nimbusds.oauth2.sdk.OAuth2Error;
import dev.writ.broker.http.Answer;
import dev.writ.broker.http.Endpoint;
import dev.writ.broker.ledger.LedgerUnavailable;
import dev.writ.broker.store.DatabaseUnavailable;
import dev.writ.broker.token.Masked;
import dev.writ.document.Json;
import java.util.LinkedHashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Words the errors of OAuth (RFC 6749 section 5.2), for its own endpoints and for clients that know
 * the same errors under other names. The one place that does.
 */
enum OAuthErrors {
  /** As OAuth writes them. */
  STANDARD("error", "error_description"),
  /** As AWS SDKs' container credential provider reads them. */
  CONTAINER("code", "message");

  private static final Logger log = LoggerFactory.getLogger(OAuthErrors.class);

  private final String codeMember;
  private final String textMember;

  OAuthErrors(String codeMember, String textMember) {
    this.codeMember = codeMember;
    this.textMember = textMember;
  }

  /**
   * @param code such as {@code invalid_request}
   * @param text for people; section 5.2 allows no double quotes, so that they become single ones,
   *     and what else it does not allow is left out
   * @param members further ones
   */
  Answer of(int status, String code, String text, Map<String, ?> members) {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put(codeMember, code);
    body.put(textMember, ErrorObject.removeIllegalChars(text.replace('"', '\'')));
    body.putAll(members);
    return Answer.text(status, "application/json", Masked.of(Json.write(body))).secret();
  }

  Answer invalidRequest(String text, Map<String, ?> members) {
    return of(400, OAuth2Error.INVALID_REQUEST.getCode(), text, members);
  }

  /**
   * @param challenge of {@code WWW-Authenticate} (RFC 9110 section 11.6.1)
   */
  Answer invalidClient(String text, String challenge, Map<String, ?> members) {
    return of(401, OAuth2Error.INVALID_CLIENT.getCode(), text, members)
        .with("WWW-Authenticate", challenge);
  }

  /**
   * @param status 503, or 429 where it is the caller's share that is used up
   * @param seconds after which to ask again
   */
  Answer unavailable(int status, String text, long seconds, Map<String, ?> members) {
    return of(status, OAuth2Error.TEMPORARILY_UNAVAILABLE.getCode(), text, members)
        .with("Retry-After", Long.toString(seconds));
  }

  Answer unavailable(String text) {
    return unavailable(503, text, 1, Map.of());
  }

  /**
   * The same endpoint; that nothing can be put on record is an error of OAuth, too.
   *
   * @param whenUnavailable is run then
   */
  Endpoint guarding(Endpoint endpoint, Runnable whenUnavailable) {
    return call -> {
      try {
        return endpoint.answer(call);
      } catch (LedgerUnavailable | DatabaseUnavailable unavailable) {
        log.warn("{} {}: {}", call.method(), call.path(), unavailable.getMessage());
        whenUnavailable.run();
        return unavailable("The ledger is not available, so nothing was given out. Try again.");
      }
    };
  }
}
