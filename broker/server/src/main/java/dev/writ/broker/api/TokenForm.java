package dev.writ.broker.api;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.nimbusds.oauth2.sdk.GrantType;
import com.nimbusds.oauth2.sdk.token.TokenTypeURI;
import dev.writ.broker.exchange.TokenRequest;
import dev.writ.broker.exchange.TokenRequest.TokenType;
import dev.writ.broker.http.Call;
import dev.writ.policy.Asked;
import dev.writ.policy.Requests;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads the form of a token request (RFC 8693 section 2.1), strictly. */
final class TokenForm {
  private static final int TTL_DIGITS_MAX = 9;
  private static final String SUBJECT_TYPE = TokenTypeURI.JWT.getURI().toString();

  /** Texts of {@code authorization_details} that are kept, and how long each may be. */
  private static final int UNDERSTOOD_MAX = 4_096;

  private static final int UNDERSTOOD_CHARS_MAX = 1_024;

  private final Set<String> gitHubHosts;
  private final Cache<String, Asked> understood =
      Caffeine.newBuilder().maximumSize(UNDERSTOOD_MAX).build();

  TokenForm(Set<String> gitHubHosts) {
    this.gitHubHosts = Set.copyOf(gitHubHosts);
  }

  sealed interface Result {}

  record Sound(TokenRequest request) implements Result {}

  record Malformed(String text) implements Result {}

  /** Ends the reading at the first thing that is wrong. */
  private static final class Wrong extends Exception {
    private static final long serialVersionUID = 1L;

    Wrong(String message) {
      super(message, null, false, false);
    }
  }

  Result read(Call call) {
    return switch (Form.read(call)) {
      case Form.Malformed(String text) -> new Malformed(text);
      case Form.Parameters(Map<String, String> values) -> read(values);
    };
  }

  private Result read(Map<String, String> parameters) {
    try {
      return new Sound(request(parameters));
    } catch (Wrong wrong) {
      return new Malformed(String.valueOf(wrong.getMessage()));
    }
  }

  private TokenRequest request(Map<String, String> parameters) throws Wrong {
    if (!required(parameters, "grant_type").equals(GrantType.TOKEN_EXCHANGE.getValue())) {
      throw new Wrong(
          "grant_type: only " + GrantType.TOKEN_EXCHANGE.getValue() + " is known here.");
    }
    if (parameters.containsKey("actor_token") || parameters.containsKey("actor_token_type")) {
      throw new Wrong("actor_token: an agent acts for itself; launch a child instead.");
    }
    String subjectToken = required(parameters, "subject_token");
    if (!required(parameters, "subject_token_type").equals(SUBJECT_TYPE)) {
      throw new Wrong("subject_token_type: expected " + SUBJECT_TYPE + ".");
    }
    return new TokenRequest(
        subjectToken, target(parameters), ttl(parameters), tokenType(parameters));
  }

  private Asked target(Map<String, String> parameters) throws Wrong {
    Optional<String> details = one(parameters, "authorization_details");
    Optional<String> resource = one(parameters, "resource");
    Optional<String> audience = one(parameters, "audience");
    Optional<String> scope = one(parameters, "scope");
    int ways = count(details) + count(resource) + count(audience);
    if (ways != 1) {
      throw new Wrong(
          (ways == 0 ? "No target: name" : "More than one target: name only")
              + " one of authorization_details, resource, audience.");
    }
    if (scope.isPresent() && audience.isEmpty()) {
      throw new Wrong("scope: goes with audience only.");
    }
    if (details.isPresent()) {
      return details(details.get());
    }
    return resource.isPresent()
        ? Requests.resource(resource.get(), gitHubHosts)
        : Requests.audience(audience.orElseThrow(), scope);
  }

  private static int count(Optional<String> parameter) {
    return parameter.isPresent() ? 1 : 0;
  }

  /** What was sent before means the same again. What is not understood is not worth keeping. */
  private Asked details(String json) {
    Asked known = understood.getIfPresent(json);
    if (known != null) {
      return known;
    }
    Asked asked = Requests.details(json);
    if (asked instanceof Asked.For && json.length() <= UNDERSTOOD_CHARS_MAX) {
      understood.put(json, asked);
    }
    return asked;
  }

  private static Optional<Duration> ttl(Map<String, String> parameters) throws Wrong {
    Optional<String> text = one(parameters, "requested_ttl");
    if (text.isEmpty()) {
      return Optional.empty();
    }
    if (!text.get().matches("[1-9][0-9]{0," + (TTL_DIGITS_MAX - 1) + "}")) {
      throw new Wrong("requested_ttl: expected whole seconds, at least 1.");
    }
    return Optional.of(Duration.ofSeconds(Long.parseLong(text.get())));
  }

  private static Optional<TokenType> tokenType(Map<String, String> parameters) throws Wrong {
    Optional<String> uri = one(parameters, "requested_token_type");
    if (uri.isEmpty()) {
      return Optional.empty();
    }
    for (TokenType type : TokenType.values()) {
      if (type.uri().equals(uri.get())) {
        return Optional.of(type);
      }
    }
    throw new Wrong(
        "requested_token_type: expected "
            + TokenType.ACCESS_TOKEN.uri()
            + ", or the target's own type.");
  }

  private static String required(Map<String, String> parameters, String name) throws Wrong {
    Optional<String> value = one(parameters, name);
    if (value.isEmpty()) {
      throw new Wrong(name + ": missing.");
    }
    return value.get();
  }

  /**
   * An empty value counts as omitted (RFC 6749 section 3.2), but not for what names a target: empty
   * is never "all".
   */
  private static Optional<String> one(Map<String, String> parameters, String name) {
    return Optional.ofNullable(parameters.get(name));
  }
}
