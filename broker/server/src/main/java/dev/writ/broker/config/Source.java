package dev.writ.broker.config;

import dev.writ.broker.keys.KeyRef;
import java.net.URI;
import java.nio.file.Path;

/** Where policies or owners come from. */
public sealed interface Source {

  /**
   * A directory of policies, or a file of owners.
   *
   * @param isDefault nobody named it, so it need not be there
   */
  record Local(Path path, boolean isDefault) implements Source {}

  /** A Keycloak realm in which they are administered. */
  record Keycloak(URI realmUrl, String clientId, KeyRef key) implements Source {}
}
