package dev.writ.keycloak;

import dev.writ.broker.store.DatabaseSettings;
import dev.writ.broker.store.EmbeddedPostgres;
import dev.writ.fixtures.keycloak.KeycloakServer;
import dev.writ.fixtures.process.Scratch;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
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
    try (Connection connection = connect(postgres.settings().address());
        Statement statement = connection.createStatement()) {
      return statement.executeUpdate(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A fresh, empty database on the same server, for brokers. */
  Database database(String name) {
    execute("create database " + name);
    return new Database(name);
  }

  final class Database {
    private final String name;

    private Database(String name) {
      this.name = name;
    }

    /** As {@code database.url} of a broker's configuration. */
    String address() {
      DatabaseSettings own = postgres.settings();
      return new DatabaseSettings(own.hosts(), name, own.user(), own.password(), own.parameters())
          .address();
    }

    String user() {
      return postgres.settings().user();
    }

    Path passwordFile() {
      return scratch.path("db").resolve("password");
    }

    /** The first line's first column. */
    String text(String query) {
      try (Connection connection = connect(address());
          Statement statement = connection.createStatement();
          ResultSet found = statement.executeQuery(query)) {
        return found.next() ? found.getString(1) : "";
      } catch (SQLException e) {
        throw new IllegalStateException(e);
      }
    }

    void drop() {
      execute("drop database " + name + " with (force)");
    }
  }

  private Connection connect(String address) throws SQLException {
    return DriverManager.getConnection(
        "jdbc:" + address + "?sslmode=disable", postgres.settings().user(), password());
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
