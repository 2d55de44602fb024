package dev.writ.broker.store;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A PostgreSQL server of the broker's own, in {@code db/} below the data folder, for one node that
 * has no database server beside it. Commits are durable, it listens on loopback alone, on a port of
 * its own choice, and asks for a password.
 *
 * <p>The server ends with the broker: cleanly by {@link #close}, and where the kernel can tell
 * (Linux with util-linux) also when the broker is killed. A server that dies while the broker lives
 * is started again on the same port.
 */
public final class EmbeddedPostgres implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(EmbeddedPostgres.class);
  private static final String FOLDER = "db";

  /** Somebody else may take a port between our finding it free and the server's binding it. */
  private static final int PORT_ATTEMPTS = 5;

  private final FolderLock lock;
  private final PostgresServer server;
  private final DatabaseSettings settings;

  private EmbeddedPostgres(FolderLock lock, PostgresServer server, DatabaseSettings settings) {
    this.lock = lock;
    this.server = server;
    this.settings = settings;
  }

  /**
   * Starts the server, making its files when there are none; returns when it takes connections.
   * About three seconds the first time, a sixth of a second later, longer after a crash.
   *
   * @throws DatabaseSetupException if the folder is in use, the machine cannot run the server, or
   *     the server does not start
   */
  public static EmbeddedPostgres start(Path dataFolder) {
    return start(dataFolder, Map.of());
  }

  /**
   * Starts the server with settings that win over the usual ones; for tests that need no
   * durability.
   */
  static EmbeddedPostgres start(Path dataFolder, Map<String, String> overrides) {
    long began = System.nanoTime();
    Path home = PrivateFolders.create(dataFolder).resolve(FOLDER);
    FolderLock lock = FolderLock.take(home);
    try {
      PostgresCluster cluster = PostgresCluster.prepare(home);
      PostgresServer server = startOnFreePort(cluster, overrides);
      LOG.info("PostgreSQL is ready after {} ms", (System.nanoTime() - began) / 1_000_000);
      return new EmbeddedPostgres(lock, server, settings(cluster, server.port()));
    } catch (IOException e) {
      lock.close();
      throw new DatabaseSetupException(
          "PostgreSQL could not be started in " + home + ": " + e.getMessage(), e);
    } catch (RuntimeException e) {
      lock.close();
      throw e;
    }
  }

  private static PostgresServer startOnFreePort(
      PostgresCluster cluster, Map<String, String> overrides) throws IOException {
    for (int attempt = 1; attempt < PORT_ATTEMPTS; attempt++) {
      try {
        return PostgresServer.start(cluster, freePort(), overrides);
      } catch (PostgresServer.PortTaken e) {
        LOG.debug("Port taken at attempt {}", attempt, e);
      }
    }
    return PostgresServer.start(cluster, freePort(), overrides);
  }

  static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
      return socket.getLocalPort();
    }
  }

  private static DatabaseSettings settings(PostgresCluster cluster, int port) {
    return new DatabaseSettings(
        List.of(new DatabaseSettings.HostPort("127.0.0.1", port)),
        PostgresCluster.DATABASE,
        PostgresCluster.ROLE,
        Optional.of(cluster.password()),
        Map.of("sslmode", "disable"));
  }

  /** How to connect to the server; stays valid when it is started again. */
  public DatabaseSettings settings() {
    return settings;
  }

  /**
   * The server's process id, for measurements and faults. It changes when the server is started
   * again.
   */
  public long pid() {
    return server.pid();
  }

  /** Ends all sessions, stops the server with a checkpoint, and releases the folder. */
  @Override
  public void close() {
    try {
      server.close();
    } finally {
      lock.close();
    }
  }
}
