package dev.writ.broker.config;

import dev.writ.broker.keys.KeyRef;
import dev.writ.broker.keys.VaultSettings;
import dev.writ.broker.keys.VaultSettings.Login;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The section {@code vault}: where the keys named by {@code vault:} are. */
final class VaultSection {
  private static final Duration TIMEOUT_MIN = Duration.ofSeconds(1);
  private static final Duration TIMEOUT_MAX = Duration.ofSeconds(30);
  private static final Duration TIMEOUT = Duration.ofSeconds(5);
  private static final String NAMES =
      "[A-Za-z0-9_-][A-Za-z0-9_.-]*(/[A-Za-z0-9_-][A-Za-z0-9_.-]*)*";
  private static final Path POD_TOKEN =
      Path.of("/var/run/secrets/kubernetes.io/serviceaccount/token");

  private final Section vault;
  private final Section login;
  private final Section appRole;
  private final Section kubernetes;
  private final Section jwt;
  private final Section identity;

  private VaultSection(Section root) {
    vault = root.section("vault", "address", "namespace", "ca", "timeout", "login");
    login = vault.section("login", "approle", "kubernetes", "jwt", "identity");
    appRole = login.section("approle", "role-id", "secret-id", "mount");
    kubernetes = login.section("kubernetes", "role", "token-file", "mount");
    jwt = login.section("jwt", "role", "token-file", "mount");
    identity = login.section("identity", "role", "audience", "mount");
  }

  /**
   * @param keys which of them may not be where this section's login would come too late
   */
  static Optional<VaultSettings> read(Section root, Keys keys) {
    return new VaultSection(root).read(keys);
  }

  private Optional<VaultSettings> read(Keys keys) {
    Optional<URI> address = vault.text("address", (value, base) -> Shapes.httpsOrLoopback(value));
    Optional<String> namespace = name(vault, "namespace");
    Optional<Path> ca = vault.text("ca", Shapes::path);
    Duration timeout =
        vault
            .text("timeout", (value, base) -> value.duration(TIMEOUT_MIN, TIMEOUT_MAX))
            .orElse(TIMEOUT);
    List<Section> given =
        Stream.of(appRole, kubernetes, jwt, identity).filter(Section::isPresent).toList();
    boolean present = vault.isPresent() || !given.isEmpty();
    if (present && !vault.has("address")) {
      vault.problem("login", "without vault.address this means nothing: add it");
    }
    if (present && given.size() != 1) {
      vault.problem("login", "expected exactly one of approle, kubernetes, jwt and identity");
    }
    if (identity.isPresent()) {
      keys.root().forEach(key -> refuseCircle("root", key));
      refuseCircle("envelope", keys.envelope());
    }
    Optional<Login> how =
        Stream.of(appRole(), kubernetes(), jwt(), identity()).flatMap(Optional::stream).findFirst();
    return address.flatMap(
        url -> how.map(login -> new VaultSettings(url, namespace, ca, timeout, login)));
  }

  /**
   * The token that this login shows is signed by a key that is sealed under the envelope and good
   * for a deployment that has its root.
   */
  private void refuseCircle(String key, KeyRef ref) {
    if (ref.scheme().equals("vault")) {
      login.problem(
          "identity",
          "keys.%s cannot be in Vault with this login: a node has an identity only after it has its root and envelope. Use approle, kubernetes or jwt, or keep keys.%s in pkcs11:"
              .formatted(key, key));
    }
  }

  private Optional<Login> appRole() {
    demand(appRole, "role-id", "secret-id");
    Optional<String> role = text(appRole, "role-id");
    Optional<Path> secret = appRole.text("secret-id", Shapes::secretFile);
    String mount = name(appRole, "mount").orElse("approle");
    return role.flatMap(id -> secret.map(file -> new VaultSettings.AppRole(id, file, mount)));
  }

  private Optional<Login> kubernetes() {
    demand(kubernetes, "role");
    Optional<String> role = text(kubernetes, "role");
    Path token = kubernetes.text("token-file", Shapes::path).orElse(POD_TOKEN);
    String mount = name(kubernetes, "mount").orElse("kubernetes");
    return role.map(name -> new VaultSettings.Kubernetes(name, token, mount));
  }

  private Optional<Login> jwt() {
    demand(jwt, "role", "token-file");
    Optional<String> role = text(jwt, "role");
    Optional<Path> token = jwt.text("token-file", Shapes::path);
    String mount = name(jwt, "mount").orElse("jwt");
    return role.flatMap(name -> token.map(file -> new VaultSettings.Jwt(name, file, mount)));
  }

  private Optional<Login> identity() {
    demand(identity, "role", "audience");
    Optional<String> role = text(identity, "role");
    Optional<String> audience = identity.text("audience", (value, base) -> Shapes.audience(value));
    String mount = name(identity, "mount").orElse("jwt");
    return role.flatMap(
        name -> audience.map(whom -> new VaultSettings.Identity(name, whom, mount)));
  }

  private static void demand(Section section, String... keys) {
    for (String key : keys) {
      if (section.isPresent() && !section.has(key)) {
        section.problem(key, "is missing: this login needs " + String.join(" and ", keys));
      }
    }
  }

  private static Optional<String> text(Section section, String key) {
    return section.text(key, (value, base) -> value.string(Shapes.NAME_LENGTH_MAX));
  }

  private static Optional<String> name(Section section, String key) {
    return section.text(
        key,
        (value, base) ->
            value.parsed(
                "names of letters, digits, _, . and -, separated by single /",
                text -> Optional.of(text).filter(name -> name.matches(NAMES))));
  }
}
