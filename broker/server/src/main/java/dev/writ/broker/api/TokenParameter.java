package dev.writ.broker.api;

import com.nimbusds.oauth2.sdk.util.URLUtils;
import dev.writ.broker.http.Answer;
import dev.writ.broker.http.Call;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The form parameter {@code token} of introspection and revocation. */
final class TokenParameter {
  private static final String TYPE = "application/x-www-form-urlencoded";

  private TokenParameter() {}

  /** Empty unless the body is a form with one token. */
  static Optional<String> read(Call call) {
    String type = call.header("content-type").orElse("").split(";", 2)[0].strip();
    if (!type.toLowerCase(Locale.ROOT).equals(TYPE)) {
      return Optional.empty();
    }
    List<String> tokens = URLUtils.parseParameters(call.text()).getOrDefault("token", List.of());
    return tokens.size() == 1
        ? Optional.of(tokens.get(0)).filter(token -> !token.isEmpty())
        : Optional.empty();
  }

  /** What to answer then. */
  static Answer missing() {
    return OAuthErrors.STANDARD.invalidRequest(
        "Send the parameter token once, in a body of type " + TYPE + ".", Map.of());
  }
}
