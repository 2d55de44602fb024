package dev.writ.broker.config;

import dev.writ.broker.keys.KeyRef;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;

/** Where policies or owners come from. */
public sealed interface Source {

  /** The realm whose place in the database this source takes, where that is meant. */
  Optional<URI> replaces();

  /**
   * A directory of policies, or a file of owners.
   *
   * @param isDefault nobody named it, so it need not be there
   */
  record Local(Path path, boolean isDefault, Optional<URI> replaces) implements Source {
    public Local(Path path, boolean isDefault) {
      this(path, isDefault, Optional.empty());
    }
  }

  /**
   * A Keycloak realm in which they are administered.
   *
   * @param realmUrl as in the {@code iss} of its tokens; no final slash
   * @param key the client's private key
   * @param ca PEM of the authority that signed the realm's certificate, when it is a private one
   */
  record Keycloak(
      URI realmUrl, String clientId, KeyRef key, Optional<Path> ca, Optional<URI> replaces)
      implements Source {}
}
