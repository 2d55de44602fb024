package dev.writ.broker.config;

import dev.writ.broker.keys.KeyRef;
import dev.writ.document.Value;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The sections {@code policies} and {@code owners}: a place in the file system, or a Keycloak
 * realm.
 */
final class SourceSections {
  private SourceSections() {}

  static Source policies(Section root, Path folder) {
    return source(
        root.section("policies", "directory", "keycloak", "replaces"),
        "directory",
        folder.resolve("policies"));
  }

  static Source owners(Section root, Path folder) {
    return source(
        root.section("owners", "file", "keycloak", "replaces"),
        "file",
        folder.resolve("owners.yaml"));
  }

  private static Source source(Section section, String key, Path byDefault) {
    Optional<Path> path = section.text(key, Shapes::path);
    Section keycloak = section.section("keycloak", "realm-url", "client-id", "key", "ca");
    Optional<URI> replaces = section.text("replaces", (value, base) -> realm(value));
    if (section.isOverridden(key) || !(section.has("keycloak") || keycloak.isPresent())) {
      // A flag for a directory leaves out all that the file says of another source.
      boolean meant = !section.isOverridden(key) || section.isOverridden("replaces");
      return new Source.Local(
          path.orElse(byDefault), path.isEmpty(), replaces.filter(realm -> meant));
    }
    if (section.has(key)) {
      section.problem(key, "expected either " + key + " or keycloak, not both");
    }
    return keycloak(section, keycloak, replaces).orElse(new Source.Local(byDefault, true));
  }

  private static Optional<Source> keycloak(
      Section parent, Section keycloak, Optional<URI> replaces) {
    Optional<URI> realm = keycloak.text("realm-url", (value, base) -> realm(value));
    Optional<String> client =
        keycloak.text("client-id", (value, base) -> value.string(Shapes.NAME_LENGTH_MAX));
    Optional<KeyRef> key = keycloak.text("key", Shapes::key);
    Optional<Path> ca = keycloak.text("ca", Shapes::path);
    if (!keycloak.has("realm-url") || !keycloak.has("client-id") || !keycloak.has("key")) {
      parent.problem("keycloak", "expected realm-url, client-id and key");
    }
    return realm.flatMap(url ->
        client.flatMap(id -> key.map(ref -> new Source.Keycloak(url, id, ref, ca, replaces))));
  }

  /** The same realm is written in one way only: its URL is compared. */
  private static Optional<URI> realm(Value value) {
    return Shapes.httpsOrLoopback(value)
        .map(url -> URI.create(url.toString().replaceFirst("/+$", "")));
  }
}
