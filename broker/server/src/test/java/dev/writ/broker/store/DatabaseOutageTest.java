package dev.writ.broker.store;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

@Tag("alone")
class DatabaseOutageTest {
  private static final String SCHEMA = "db/store-test";
  private static final Duration LIMIT = Duration.ofMillis(1100);

  @RegisterExtension static final TestDatabase DATABASE = TestDatabase.migrated(SCHEMA);

  @Test
  void says_clearly_and_at_once_that_the_password_is_wrong() {
    DatabaseSettings right = DATABASE.settings();
    DatabaseSettings wrong =
        new DatabaseSettings(
            right.hosts(),
            right.database(),
            right.user(),
            Optional.of(Password.of("hunter2")),
            right.parameters());

    DatabaseSetupException refusal =
        quickly(
            () -> assertThrows(DatabaseSetupException.class, () -> Database.open(wrong, SCHEMA)));

    assertTrue(refusal.getMessage().contains("refuses the user \"writ\""), refusal.getMessage());
    assertTrue(refusal.getMessage().contains("database.password"), refusal.getMessage());
    assertTrue(!refusal.getMessage().contains("hunter2"), refusal.getMessage());
  }

  @Test
  void says_how_to_make_a_database_that_is_missing() {
    DatabaseSettings right = DATABASE.settings();
    DatabaseSettings wrong =
        new DatabaseSettings(
            right.hosts(), "nowhere", right.user(), right.password(), right.parameters());

    DatabaseSetupException refusal =
        assertThrows(DatabaseSetupException.class, () -> Database.open(wrong, SCHEMA));

    assertTrue(
        refusal.getMessage().contains("create database \"nowhere\" owner \"writ\""),
        refusal.getMessage());
  }

  @Test
  void says_clearly_and_at_once_that_nobody_listens() throws Exception {
    int port;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }
    DatabaseUnavailable refusal =
        quickly(
            () -> assertThrows(DatabaseUnavailable.class, () -> Database.open(at(port), SCHEMA)));

    assertTrue(
        refusal.getMessage().startsWith("postgresql://127.0.0.1:" + port + "/writ does not answer"),
        refusal.getMessage());
  }

  @Test
  void gives_up_at_start_on_a_server_that_accepts_and_says_nothing() throws Exception {
    try (ServerSocket mute = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      long began = System.nanoTime();
      assertThrows(DatabaseUnavailable.class, () -> Database.open(at(mute.getLocalPort()), SCHEMA));
      assertTrue(since(began).compareTo(Duration.ofSeconds(6)) < 0);
    }
  }

  @Test
  void refuses_a_server_that_does_not_keep_its_commits(@TempDir Path data) {
    try (EmbeddedPostgres careless = EmbeddedPostgres.start(data, Map.of("fsync", "off"))) {
      DatabaseSetupException refusal =
          assertThrows(
              DatabaseSetupException.class, () -> Database.open(careless.settings(), SCHEMA));

      assertTrue(
          refusal.getMessage().contains("has fsync = off; Writ needs on"), refusal.getMessage());
    }
  }

  @Test
  void fails_every_caller_within_a_second_while_the_server_hangs_and_recovers_after(
      @TempDir Path data) throws Exception {
    try (EmbeddedPostgres postgres = EmbeddedPostgres.start(data);
        Database database = Database.open(postgres.settings(), SCHEMA)) {
      assertInstanceOf(DatabaseHealth.Ready.class, database.health());
      ProcessHandle server = ProcessHandle.of(postgres.pid()).orElseThrow();
      signal("STOP", server); // first, so that it starts no more
      List<ProcessHandle> backends = server.descendants().toList();
      for (ProcessHandle backend : backends) {
        signal("STOP", backend);
      }
      try {
        for (int i = 0; i < 4; i++) {
          assertInstanceOf(DatabaseHealth.Unreachable.class, quickly(database::health));
        }
      } finally {
        for (ProcessHandle backend : backends) {
          signal("CONT", backend);
        }
        signal("CONT", server);
      }
      long began = System.nanoTime();
      while (!(database.health() instanceof DatabaseHealth.Ready)) {
        assertTrue(since(began).compareTo(Duration.ofSeconds(10)) < 0);
        Thread.sleep(50);
      }
    }
  }

  @Test
  void fails_every_caller_within_a_second_while_the_server_is_down(@TempDir Path data) {
    Database database;
    try (EmbeddedPostgres postgres = EmbeddedPostgres.start(data)) {
      database = Database.open(postgres.settings(), SCHEMA);
      assertInstanceOf(DatabaseHealth.Ready.class, database.health());
    }
    try (database) {
      for (int i = 0; i < 3; i++) {
        assertInstanceOf(DatabaseHealth.Unreachable.class, quickly(database::health));
      }
    }
  }

  private static void signal(String name, ProcessHandle process) throws Exception {
    // A backend may have ended by itself.
    int exit =
        new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start().waitFor();
    assertTrue(exit == 0 || !process.isAlive());
  }

  private static DatabaseSettings at(int port) {
    return DatabaseSettings.parse(
        "postgresql://127.0.0.1:" + port + "/writ",
        Optional.empty(),
        Optional.of(Password.of("x")));
  }

  private static <T> T quickly(Supplier<T> call) {
    long began = System.nanoTime();
    T result = call.get();
    assertTrue(since(began).compareTo(LIMIT) < 0, () -> "took " + since(began));
    return result;
  }

  private static Duration since(long began) {
    return Duration.ofNanos(System.nanoTime() - began);
  }
}
