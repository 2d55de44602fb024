package dev.writ.keycloak;

import dev.writ.broker.store.DatabaseSettings;
import dev.writ.broker.store.EmbeddedPostgres;
import dev.writ.fixtures.keycloak.KeycloakServer;
import dev.writ.fixtures.process.Scratch;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;

/** A PostgreSQL for one Keycloak after the other: the broker's embedded one. */
final class TestPostgres implements AutoCloseable {
  private final Scratch scratch = Scratch.inMemory("writ-keycloak-db-");
  private final EmbeddedPostgres postgres = EmbeddedPostgres.start(scratch.folder());

  KeycloakServer.Setup use(KeycloakServer.Setup keycloak) {
    DatabaseSettings database = postgres.settings();
    return keycloak.postgres(
        "jdbc:" + database.address() + "?sslmode=disable", database.user(), password());
  }

  private String password() {
    try {
      return Files.readString(scratch.path("db").resolve("password")).strip();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    postgres.close();
    scratch.delete();
  }
}
