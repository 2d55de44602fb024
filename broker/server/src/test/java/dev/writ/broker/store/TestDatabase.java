package dev.writ.broker.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ExtensionContext.StoreScope;

/**
 * A fresh, migrated database for a test class, on one server for the whole test JVM:
 *
 * <pre>{@code
 * @RegisterExtension static final TestDatabase DATABASE = TestDatabase.migrated();
 * }</pre>
 *
 * <p>The server starts when the first class asks for it and stops when JUnit ends. Each database is
 * a copy of a template.
 */
public final class TestDatabase implements BeforeAllCallback, AfterAllCallback {
  private static final AtomicInteger NUMBER = new AtomicInteger();

  private final String migrations;
  private @Nullable Database database;
  private @Nullable DatabaseSettings settings;

  private TestDatabase(String migrations) {
    this.migrations = migrations;
  }

  /** A database with the broker's schema. */
  public static TestDatabase migrated() {
    return new TestDatabase(Database.MIGRATIONS);
  }

  /** A database with the schema of some other folder of migrations. */
  static TestDatabase migrated(String migrations) {
    return new TestDatabase(migrations);
  }

  /** The class's own database; closed after its last test. */
  public Database database() {
    return Objects.requireNonNull(database, "not before the class's first test");
  }

  /** For tests that open the database again, as a second node does. */
  public DatabaseSettings settings() {
    return Objects.requireNonNull(settings, "not before the class's first test");
  }

  /**
   * The section {@code database:} of a broker's configuration.
   *
   * @param folder where the password's file is put
   */
  public String configured(Path folder) throws IOException {
    DatabaseSettings own = settings();
    Path file = folder.resolve("database-password");
    Files.writeString(file, own.password().orElseThrow().reveal());
    return "database: { url: \"%s\", user: \"%s\", password: \"file:%s\" }\n"
        .formatted(own.address(), own.user(), file);
  }

  @Override
  public void beforeAll(ExtensionContext context) {
    DatabaseSettings fresh = server(context).createDatabase(migrations);
    settings = fresh;
    database = Database.open(fresh, migrations);
  }

  @Override
  public void afterAll(ExtensionContext context) {
    database().close();
    server(context).dropDatabase(settings().database());
  }

  private static Server server(ExtensionContext context) {
    return context
        .getStore(StoreScope.LAUNCHER_SESSION, Namespace.create(TestDatabase.class))
        .computeIfAbsent(Server.class, key -> new Server(), Server.class);
  }

  /** The test JVM's one server. JUnit closes it with its session, which outlives the class. */
  private static final class Server implements AutoCloseable {
    private final Path folder = TestFolders.forServer();
    private final EmbeddedPostgres postgres = EmbeddedPostgres.start(folder);
    private final Map<String, String> templates = new ConcurrentHashMap<>();

    DatabaseSettings createDatabase(String migrations) {
      String template = templates.computeIfAbsent(migrations, this::createTemplate);
      String name = "test_" + NUMBER.incrementAndGet();
      execute("create database " + name + " template " + template + " strategy file_copy");
      return at(name);
    }

    private String createTemplate(String migrations) {
      String name = "template_" + NUMBER.incrementAndGet();
      execute("create database " + name);
      Database.open(at(name), migrations).close();
      return name;
    }

    /** By force, for brokers may be connected still; PostgreSQL's own cleaners end without it. */
    void dropDatabase(String name) {
      try {
        execute("drop database " + name + " with (force)");
      } catch (IllegalStateException beingCleaned) {
        execute("drop database " + name);
      }
    }

    private DatabaseSettings at(String database) {
      DatabaseSettings own = postgres.settings();
      return new DatabaseSettings(
          own.hosts(), database, own.user(), own.password(), own.parameters());
    }

    private void execute(String sql) {
      try (var connection =
              DataSources.of(postgres.settings(), DataSources.PATIENT).getConnection();
          var statement = connection.createStatement()) {
        statement.execute(sql);
      } catch (SQLException e) {
        throw new IllegalStateException(e);
      }
    }

    @Override
    public void close() throws IOException {
      postgres.close();
      PrivateFolders.delete(folder);
    }
  }
}
