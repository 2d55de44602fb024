package dev.writ.broker.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;

/**
 * What a login left on this machine. It never shows its tokens.
 *
 * @param broker that it is for
 * @param ca PEM of the authority of the identity provider, when it is a private one
 * @param proxy by which the identity provider is reached
 * @param user as the identity provider calls them; for people only
 */
record Login(
    URI broker,
    String issuer,
    String client,
    URI tokenEndpoint,
    Optional<URI> revocationEndpoint,
    Optional<String> ca,
    Optional<URI> proxy,
    String user,
    String accessToken,
    Instant accessUntil,
    Optional<String> refreshToken) {
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  /** The same with other tokens. */
  Login with(String access, Instant until, Optional<String> refresh) {
    return new Login(
        broker,
        issuer,
        client,
        tokenEndpoint,
        revocationEndpoint,
        ca,
        proxy,
        user,
        access,
        until,
        refresh.or(() -> refreshToken));
  }

  /** All of it, for the file. */
  String text() {
    ObjectNode json = JSON.createObjectNode();
    json.put("broker", broker.toString());
    json.put("issuer", issuer);
    json.put("client_id", client);
    json.put("token_endpoint", tokenEndpoint.toString());
    revocationEndpoint.ifPresent(uri -> json.put("revocation_endpoint", uri.toString()));
    ca.ifPresent(pem -> json.put("ca", pem));
    proxy.ifPresent(uri -> json.put("proxy", uri.toString()));
    json.put("user", user);
    json.put("access_token", accessToken);
    json.put("access_expires_at", accessUntil.toString());
    refreshToken.ifPresent(token -> json.put("refresh_token", token));
    return json.toString();
  }

  /** Empty if the file is none of ours. */
  static Optional<Login> of(String text) {
    try {
      if (!(JSON.readTree(text) instanceof ObjectNode json)) {
        return Optional.empty();
      }
      return Optional.of(
          new Login(
              URI.create(json.path("broker").asText()),
              json.path("issuer").asText(),
              json.path("client_id").asText(),
              URI.create(json.path("token_endpoint").asText()),
              optional(json, "revocation_endpoint").map(URI::create),
              optional(json, "ca"),
              optional(json, "proxy").map(URI::create),
              json.path("user").asText(),
              json.path("access_token").asText(),
              Instant.parse(json.path("access_expires_at").asText()),
              optional(json, "refresh_token")));
    } catch (JsonProcessingException | DateTimeException | IllegalArgumentException malformed) {
      return Optional.empty();
    }
  }

  private static Optional<String> optional(ObjectNode json, String member) {
    return Optional.ofNullable(json.get(member)).map(value -> value.asText());
  }

  @Override
  public String toString() {
    return "Login[" + user + " at " + broker + "]";
  }
}
