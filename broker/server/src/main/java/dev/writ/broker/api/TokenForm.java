package dev.writ.broker.api;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.nimbusds.oauth2.sdk.GrantType;
import com.nimbusds.oauth2.sdk.token.TokenTypeURI;
import dev.writ.broker.exchange.Claim;
import dev.writ.broker.exchange.TokenRequest;
import dev.writ.broker.exchange.TokenRequest.TokenType;
import dev.writ.broker.http.Call;
import dev.writ.document.Quoted;
import dev.writ.policy.Asked;
import dev.writ.policy.Requests;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads the form of a token request (RFC 8693 section 2.1), strictly. */
final class TokenForm {
  private static final int TTL_DIGITS_MAX = 9;
  private static final Set<String> SUBJECT_TYPES = Set.of(TokenTypeURI.JWT.getURI().toString());

  /** Texts of {@code authorization_details} that are kept, and how long each may be. */
  private static final int UNDERSTOOD_MAX = 4_096;

  private static final int UNDERSTOOD_CHARS_MAX = 1_024;

  private final Set<String> gitHubHosts;
  private final Cache<String, Asked> understood =
      Caffeine.newBuilder().maximumSize(UNDERSTOOD_MAX).build();

  TokenForm(Set<String> gitHubHosts) {
    this.gitHubHosts = Set.copyOf(gitHubHosts);
  }

  sealed interface Form {}

  record Sound(Claim claim, TokenRequest request) implements Form {}

  record Malformed(String text) implements Form {}

  /** Ends the reading at the first thing that is wrong. */
  private static final class Wrong extends Exception {
    private static final long serialVersionUID = 1L;

    Wrong(String message) {
      super(message, null, false, false);
    }
  }

  Form read(Call call) {
    try {
      return sound(parameters(call));
    } catch (Wrong wrong) {
      return new Malformed(String.valueOf(wrong.getMessage()));
    }
  }

  private static Map<String, List<String>> parameters(Call call) throws Wrong {
    Map<String, List<String>> parameters =
        switch (FormBody.read(call)) {
          case FormBody.Unreadable(String text) -> throw new Wrong(text);
          case FormBody.Parameters(Map<String, List<String>> read) -> read;
        };
    for (Map.Entry<String, List<String>> entry : parameters.entrySet()) {
      if (entry.getValue().size() > 1) {
        throw new Wrong("The parameter " + Quoted.of(entry.getKey()) + " is repeated.");
      }
    }
    return parameters;
  }

  private Sound sound(Map<String, List<String>> parameters) throws Wrong {
    if (!required(parameters, "grant_type").equals(GrantType.TOKEN_EXCHANGE.getValue())) {
      throw new Wrong(
          "grant_type: only " + GrantType.TOKEN_EXCHANGE.getValue() + " is known here.");
    }
    if (parameters.containsKey("actor_token") || parameters.containsKey("actor_token_type")) {
      throw new Wrong("actor_token: an agent acts for itself; launch a child instead.");
    }
    String subjectToken = required(parameters, "subject_token");
    if (!SUBJECT_TYPES.contains(required(parameters, "subject_token_type"))) {
      throw new Wrong("subject_token_type: expected " + String.join(", ", SUBJECT_TYPES) + ".");
    }
    return new Sound(
        new Claim.SubjectToken(subjectToken),
        new TokenRequest(target(parameters), ttl(parameters), tokenType(parameters)));
  }

  private Asked target(Map<String, List<String>> parameters) throws Wrong {
    Optional<String> details = one(parameters, "authorization_details");
    Optional<String> resource = one(parameters, "resource");
    Optional<String> audience = one(parameters, "audience");
    Optional<String> scope = one(parameters, "scope");
    long ways = List.of(details, resource, audience).stream().filter(Optional::isPresent).count();
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

  private static Optional<Duration> ttl(Map<String, List<String>> parameters) throws Wrong {
    Optional<String> text = one(parameters, "requested_ttl");
    if (text.isEmpty()) {
      return Optional.empty();
    }
    if (!text.get().matches("[1-9][0-9]{0," + (TTL_DIGITS_MAX - 1) + "}")) {
      throw new Wrong("requested_ttl: expected whole seconds, at least 1.");
    }
    return Optional.of(Duration.ofSeconds(Long.parseLong(text.get())));
  }

  private static Optional<TokenType> tokenType(Map<String, List<String>> parameters) throws Wrong {
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

  private static String required(Map<String, List<String>> parameters, String name) throws Wrong {
    Optional<String> value = one(parameters, name);
    if (value.isEmpty()) {
      throw new Wrong(name + ": missing.");
    }
    return value.get();
  }

  /** An empty value is a value, and no good one: left out, it could mean "all". */
  private static Optional<String> one(Map<String, List<String>> parameters, String name) {
    return parameters.getOrDefault(name, List.of()).stream().findFirst();
  }
}
