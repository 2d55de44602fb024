package dev.writ.broker.config;

import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * An OIDC issuer whose access tokens launch agents.
 *
 * @param name stands before the slash in principals such as {@code keycloak/group:platform}
 * @param issuer compared character by character with {@code iss}
 * @param ca PEM of the authority that signed the issuer's certificate, when it is a private one
 * @param clients client name to the {@code sub} of its tokens, where it is not the name itself
 */
public record Launcher(
    String name, URI issuer, String audience, Optional<Path> ca, Map<String, String> clients) {
  public Launcher {
    clients = Map.copyOf(clients);
  }
}
