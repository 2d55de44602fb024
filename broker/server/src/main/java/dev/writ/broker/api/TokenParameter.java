package dev.writ.broker.api;

import com.nimbusds.oauth2.sdk.OAuth2Error;
import dev.writ.broker.http.Answer;
import dev.writ.broker.http.Call;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The form parameter {@code token} of introspection and revocation. */
final class TokenParameter {
  private TokenParameter() {}

  /** Empty unless the body is a form with one token. */
  static Optional<String> read(Call call) {
    List<String> tokens =
        switch (FormBody.read(call)) {
          case FormBody.Unreadable _ -> List.of();
          case FormBody.Parameters(Map<String, List<String>> parameters) ->
              parameters.getOrDefault("token", List.of());
        };
    return tokens.size() == 1
        ? Optional.of(tokens.get(0)).filter(token -> !token.isEmpty())
        : Optional.empty();
  }

  /** What to answer then. */
  static Answer missing() {
    return Answer.json(
            400,
            Map.of(
                "error",
                OAuth2Error.INVALID_REQUEST.getCode(),
                "error_description",
                "Send the parameter token once, in a body of type " + FormBody.TYPE + "."))
        .secret();
  }
}
