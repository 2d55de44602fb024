package dev.writ.broker.store;

import java.io.File;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps one server process running on a prepared cluster until it is closed.
 *
 * <p>One platform thread starts every process and waits for it. It must be one thread that lives as
 * long as the server: the kernel's parent-death signal is sent when the <em>thread</em> that
 * started the process ends.
 */
final class PostgresServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(PostgresServer.class);

  /**
   * A crash recovery replays at most {@code max_wal_size} of log: seconds, on a very slow disk
   * minutes.
   */
  private static final Duration START_MAX = Duration.ofMinutes(5);

  private static final Duration STOP_MAX = Duration.ofSeconds(10);
  private static final Duration POLL = Duration.ofMillis(4);

  /** How long the sessions of a killed server may hold its shared memory, and how often to look. */
  private static final int MEMORY_ATTEMPTS = 100;

  private static final Duration MEMORY_WAIT = Duration.ofMillis(50);
  private static final Duration RESTART_WAIT = Duration.ofSeconds(1);
  private static final int LOG_TAIL = 2000;

  /** Somebody else listens on the port. */
  static final class PortTaken extends IOException {
    PortTaken(int port) {
      super("Port " + port + " is taken.");
    }
  }

  private final PostgresCluster cluster;
  private final int port;
  private final Map<String, String> overrides;
  private final CompletableFuture<Process> first = new CompletableFuture<>();
  private final Thread keeper =
      Thread.ofPlatform().name("postgresql").daemon().unstarted(this::keep);
  private volatile boolean closing;
  private volatile long pid;

  private PostgresServer(PostgresCluster cluster, int port, Map<String, String> overrides) {
    this.cluster = cluster;
    this.port = port;
    this.overrides = overrides;
  }

  /** Starts a server and returns when it takes connections. */
  static PostgresServer start(PostgresCluster cluster, int port, Map<String, String> overrides)
      throws IOException {
    PostgresServer server = new PostgresServer(cluster, port, overrides);
    server.keeper.start();
    try {
      server.first.get();
      return server;
    } catch (InterruptedException e) {
      server.close();
      Thread.currentThread().interrupt();
      throw new IOException("Interrupted while PostgreSQL was starting.", e);
    } catch (ExecutionException e) {
      throw startFailure(e.getCause());
    }
  }

  private static IOException startFailure(@Nullable Throwable cause) {
    return switch (cause) {
      case DatabaseSetupException setup -> throw setup;
      case PortTaken taken -> taken;
      case IOException failed -> failed;
      case null -> new IOException("PostgreSQL did not start.");
      case Throwable other -> new IOException(other);
    };
  }

  int port() {
    return port;
  }

  long pid() {
    return pid;
  }

  @Override
  public void close() {
    closing = true;
    try {
      for (String mode : List.of("fast", "immediate")) {
        if (keeper.isAlive()) {
          cluster.signalStop(mode);
          keeper.join(STOP_MAX);
        }
      }
    } catch (IOException e) {
      throw new DatabaseSetupException("PostgreSQL could not be stopped: " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * The keeper's life: the first start reports its failure, later ones are tried until the broker
   * ends.
   */
  private void keep() {
    try {
      Process process = startOnce();
      first.complete(process);
      int status = process.waitFor();
      while (!closing) {
        LOG.error("PostgreSQL ended by itself (status {}) and is started again", status);
        status = again();
      }
    } catch (IOException | RuntimeException e) {
      first.completeExceptionally(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      first.completeExceptionally(e);
    }
  }

  private int again() throws InterruptedException {
    try {
      Process process = startOnce();
      LOG.warn("PostgreSQL is running again");
      return process.waitFor();
    } catch (IOException | DatabaseSetupException e) {
      LOG.error("PostgreSQL does not start: {}", e.getMessage());
      Thread.sleep(RESTART_WAIT);
      return -1;
    }
  }

  private Process startOnce() throws IOException, InterruptedException {
    for (int attempt = 1; ; attempt++) {
      Path log = cluster.log();
      long before = Files.exists(log) ? Files.size(log) : 0;
      Process process = launch(log);
      if (becomesReady(process)) {
        return process;
      }
      String said = tail(log, before);
      if (attempt == MEMORY_ATTEMPTS || !said.contains("is still in use")) {
        throw failure(said);
      }
      Thread.sleep(MEMORY_WAIT);
    }
  }

  private Process launch(Path log) throws IOException {
    List<String> command = new ArrayList<>(PostgresUser.serverPrefix());
    command.addAll(
        List.of(cluster.program("postgres").toString(), "-D", cluster.data().toString()));
    settings().forEach((name, value) -> command.addAll(List.of("-c", name + "=" + value)));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectInput(new File("/dev/null"))
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    ProgramRun.cleanEnvironment(builder.environment());
    Process process = builder.start();
    pid = process.pid();
    return process;
  }

  private Map<String, String> settings() {
    Map<String, String> settings = new TreeMap<>(PostgresSettings.ALWAYS);
    settings.put("port", Integer.toString(port));
    settings.putAll(overrides);
    return settings;
  }

  private boolean becomesReady(Process process) throws IOException, InterruptedException {
    long deadline = System.nanoTime() + START_MAX.toNanos();
    Path file = cluster.data().resolve("postmaster.pid");
    while (process.isAlive()) {
      boolean ready =
          PostmasterFile.read(file)
              .filter(said -> said.pid() == process.pid() && said.ready())
              .isPresent();
      if (ready) {
        return true;
      }
      if (closing || System.nanoTime() > deadline) {
        process.destroyForcibly().waitFor();
        return false;
      }
      Thread.sleep(POLL);
    }
    return false;
  }

  private IOException failure(String said) {
    PostgresUser.explainRefusal(said);
    return said.contains("could not create any TCP/IP sockets")
        ? new PortTaken(port)
        : new IOException(said.isBlank() ? "the server ended without a word" : said.strip());
  }

  private static String tail(Path log, long from) throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(log.toFile(), "r")) {
      file.seek(Math.max(from, file.length() - LOG_TAIL));
      byte[] bytes = new byte[LOG_TAIL];
      int read = file.read(bytes);
      return read < 0 ? "" : new String(bytes, 0, read, StandardCharsets.UTF_8);
    }
  }
}
