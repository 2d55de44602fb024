package dev.writ.broker.api;

import com.nimbusds.oauth2.sdk.ErrorObject;
import com.nimbusds.oauth2.sdk.OAuth2Error;
import dev.writ.broker.http.Answer;
import dev.writ.broker.http.Endpoint;
import dev.writ.broker.ledger.LedgerUnavailable;
import dev.writ.broker.store.DatabaseUnavailable;
import java.util.LinkedHashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Words the errors of OAuth's endpoints (RFC 6749 section 5.2). The one place that does. */
final class OAuthErrors {
  private static final Logger log = LoggerFactory.getLogger(OAuthErrors.class);

  private OAuthErrors() {}

  /**
   * @param code of the member {@code error}
   * @param text for people; characters that section 5.2 does not allow are left out
   * @param members further ones
   */
  static Answer of(int status, String code, String text, Map<String, ?> members) {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("error", code);
    body.put("error_description", ErrorObject.removeIllegalChars(text));
    body.putAll(members);
    return Answer.json(status, body).secret();
  }

  static Answer invalidRequest(String text, Map<String, ?> members) {
    return of(400, OAuth2Error.INVALID_REQUEST.getCode(), text, members);
  }

  /**
   * @param challenge of {@code WWW-Authenticate} (RFC 9110 section 11.6.1)
   */
  static Answer invalidClient(String text, String challenge, Map<String, ?> members) {
    return of(401, OAuth2Error.INVALID_CLIENT.getCode(), text, members)
        .with("WWW-Authenticate", challenge);
  }

  static Answer unavailable(String text) {
    return of(503, OAuth2Error.TEMPORARILY_UNAVAILABLE.getCode(), text, Map.of())
        .with("Retry-After", "1");
  }

  /** The same endpoint; that nothing can be put on record is an error of OAuth, too. */
  static Endpoint guarding(Endpoint endpoint) {
    return call -> {
      try {
        return endpoint.answer(call);
      } catch (LedgerUnavailable | DatabaseUnavailable unavailable) {
        log.warn("{} {}: {}", call.method(), call.path(), unavailable.getMessage());
        return unavailable("The ledger is not available, so nothing was given out. Try again.");
      }
    };
  }
}
