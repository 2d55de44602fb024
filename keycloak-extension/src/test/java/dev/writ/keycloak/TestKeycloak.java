package dev.writ.keycloak;

import dev.writ.fixtures.http.Traffic;
import dev.writ.fixtures.keycloak.KeycloakRealm;
import dev.writ.fixtures.keycloak.KeycloakServer;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ExtensionContext.StoreScope;

/**
 * The test JVM's one Keycloak with the extension in it, on PostgreSQL, and a fresh realm for each
 * test class that asks for one:
 *
 * <pre>{@code
 * @RegisterExtension static final TestKeycloak KEYCLOAK = TestKeycloak.onPostgres();
 * }</pre>
 *
 * <p>The server starts when the first class asks for it and stops when the JVM's session of JUnit
 * ends: each of several forks runs its classes one by one.
 */
final class TestKeycloak implements BeforeAllCallback {
  private static final String LOOK_OFTEN =
      "--spi-realm-restapi-extension--writ--owners-compared-every=1s";
  private static final Path TARGET = Path.of("target");

  private final Class<? extends Running> database;
  private @Nullable KeycloakServer server;
  private @Nullable KeycloakRealm realm;
  private @Nullable TestPostgres postgres;

  private TestKeycloak(Class<? extends Running> database) {
    this.database = database;
  }

  static TestKeycloak onPostgres() {
    return new TestKeycloak(OnPostgres.class);
  }

  static TestKeycloak onH2() {
    return new TestKeycloak(OnH2.class);
  }

  KeycloakServer server() {
    return Objects.requireNonNull(server, "not before the class's first test");
  }

  /** The server's database, where it is one. */
  TestPostgres postgres() {
    return Objects.requireNonNull(postgres, "on H2, or not before the class's first test");
  }

  /** The class's own realm, made when it is first asked for. */
  synchronized KeycloakRealm realm() {
    KeycloakRealm own = realm == null ? server().freshRealm("acme") : realm;
    realm = own;
    return own;
  }

  @Override
  public void beforeAll(ExtensionContext context) {
    var store = context.getStore(StoreScope.LAUNCHER_SESSION, Namespace.create(TestKeycloak.class));
    Running running =
        database == OnH2.class
            ? store.computeIfAbsent(OnH2.class, key -> new OnH2(), OnH2.class)
            : store.computeIfAbsent(OnPostgres.class, key -> new OnPostgres(), OnPostgres.class);
    postgres = running instanceof OnPostgres own ? own.postgres : null;
    KeycloakServer shared = running.server();
    server = shared;
    store.computeIfAbsent(
        shared.url(),
        url -> new Watched(Traffic.watch(shared.url(), ApiCheck.OURS)),
        Watched.class);
  }

  /** Whatever is exchanged has to be as the OpenAPI document says. */
  private record Watched(AutoCloseable watch) implements AutoCloseable {
    @Override
    public void close() throws Exception {
      watch.close();
    }
  }

  /** The extension's jar, unless said otherwise the one that Maven packages. */
  static Path extension() {
    return Path.of(
        System.getProperty(
            "keycloak.extension", TARGET.resolve("writ-keycloak-0.1.0-SNAPSHOT.jar").toString()));
  }

  /** Keycloak with the extension, to be started. */
  static KeycloakServer.Setup setup() {
    return plain().extension(extension());
  }

  /** Keycloak as it comes, to be started. */
  static KeycloakServer.Setup plain() {
    Path distribution =
        Path.of(System.getProperty("keycloak.dist", TARGET.resolve("keycloak-26.7.4").toString()));
    return KeycloakServer.of(distribution, TARGET.resolve("keycloak-built"));
  }

  private sealed interface Running extends AutoCloseable {
    KeycloakServer server();
  }

  private static final class OnH2 implements Running {
    private final KeycloakServer server = setup().start();

    @Override
    public KeycloakServer server() {
      return server;
    }

    @Override
    public void close() {
      server.close();
    }
  }

  private static final class OnPostgres implements Running {
    private final TestPostgres postgres = new TestPostgres();
    private final KeycloakServer server = postgres.use(setup().options(LOOK_OFTEN)).start();

    @Override
    public KeycloakServer server() {
      return server;
    }

    @Override
    public void close() {
      try {
        server.close();
      } finally {
        postgres.close();
      }
    }
  }
}
