package dev.writ.broker.config;

import dev.writ.broker.store.DatabaseSettings;
import dev.writ.broker.store.Password;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A PostgreSQL server that somebody else runs.
 *
 * @param address with the password that the URL itself held, if any
 * @param passwordFile read at each use, so that a rotated password is found
 */
public record ExternalDatabase(DatabaseSettings address, Optional<Path> passwordFile) {

  /**
   * How to connect, with the password as the file has it now.
   *
   * @throws dev.writ.broker.store.DatabaseSetupException if the password's file cannot be read
   */
  public DatabaseSettings settings() {
    return passwordFile.map(Password::fromFile).map(address::withPassword).orElse(address);
  }
}
