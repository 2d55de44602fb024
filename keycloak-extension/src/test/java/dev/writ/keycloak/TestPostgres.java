package dev.writ.keycloak;

import dev.writ.broker.store.DatabaseSettings;
import dev.writ.broker.store.EmbeddedPostgres;
import dev.writ.fixtures.keycloak.KeycloakServer;
import dev.writ.fixtures.process.Scratch;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;

/** A PostgreSQL for one Keycloak after the other: the broker's embedded one. */
final class TestPostgres implements AutoCloseable {
  private final Scratch scratch = Scratch.inMemory("writ-keycloak-db-");
  private final EmbeddedPostgres postgres = EmbeddedPostgres.start(scratch.folder());

  KeycloakServer.Setup use(KeycloakServer.Setup keycloak) {
    DatabaseSettings database = postgres.settings();
    return keycloak.postgres(
        "jdbc:" + database.address() + "?sslmode=disable", database.user(), password());
  }

  /** Changes something behind Keycloak's back; how many rows. */
  int execute(String sql) {
    DatabaseSettings database = postgres.settings();
    try (Connection connection =
            DriverManager.getConnection(
                "jdbc:" + database.address() + "?sslmode=disable", database.user(), password());
        Statement statement = connection.createStatement()) {
      return statement.executeUpdate(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
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
