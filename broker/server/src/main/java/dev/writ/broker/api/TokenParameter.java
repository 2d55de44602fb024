package dev.writ.broker.api;

import com.nimbusds.oauth2.sdk.OAuth2Error;
import dev.writ.broker.http.Answer;
import dev.writ.broker.http.Call;
import java.util.Map;
import java.util.Optional;

/** The form parameter {@code token} of introspection and revocation. */
final class TokenParameter {
  private TokenParameter() {}

  /** Empty unless the body is a form with one token. */
  static Optional<String> read(Call call) {
    return switch (Form.read(call)) {
      case Form.Malformed _ -> Optional.empty();
      case Form.Parameters(Map<String, String> values) ->
          Optional.ofNullable(values.get("token")).filter(token -> !token.isEmpty());
    };
  }

  /** What to answer then. */
  static Answer missing() {
    return Answer.json(
            400,
            Map.of(
                "error",
                OAuth2Error.INVALID_REQUEST.getCode(),
                "error_description",
                "Send the parameter token once, in a body of type " + Form.TYPE + "."))
        .secret();
  }
}
