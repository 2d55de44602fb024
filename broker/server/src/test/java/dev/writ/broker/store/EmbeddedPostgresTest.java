package dev.writ.broker.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedPostgresTest {
  private static final String SCHEMA = "db/store-test";

  @TempDir Path data;

  @Test
  void keeps_what_was_committed_over_a_restart() {
    try (EmbeddedPostgres postgres = EmbeddedPostgres.start(data)) {
      insert(postgres, "first");
    }
    try (EmbeddedPostgres postgres = EmbeddedPostgres.start(data)) {
      assertEquals(List.of("first"), notes(postgres));
    }
  }

  @Test
  void is_started_again_on_the_same_port_with_all_commits_when_the_server_is_killed()
      throws Exception {
    try (EmbeddedPostgres postgres = EmbeddedPostgres.start(data)) {
      insert(postgres, "before");
      long killed = postgres.pid();
      kill(killed);

      List<String> kept = eventually(() -> notes(postgres));

      assertEquals(List.of("before"), kept);
      assertNotEquals(killed, postgres.pid());
    }
  }

  @Test
  void stops_its_server_when_closed() {
    long pid;
    try (EmbeddedPostgres postgres = EmbeddedPostgres.start(data)) {
      pid = postgres.pid();
    }
    assertFalse(ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false));
    assertFalse(Files.exists(data.resolve("db/cluster/postmaster.pid")));
  }

  @Test
  void refuses_a_second_broker_on_the_same_folder_and_says_who_holds_it() {
    try (EmbeddedPostgres first = EmbeddedPostgres.start(data)) {
      DatabaseSetupException refusal =
          assertThrows(DatabaseSetupException.class, () -> EmbeddedPostgres.start(data));

      assertTrue(
          refusal
              .getMessage()
              .contains("in use by another broker (process " + ProcessHandle.current().pid() + ")"),
          refusal.getMessage());
      assertEquals(List.of(), notes(first));
    }
  }

  @Test
  void keeps_the_password_and_the_cluster_to_its_user() throws Exception {
    try (EmbeddedPostgres postgres = EmbeddedPostgres.start(data)) {
      assertEquals("rw-------", permissions("db/password"));
      assertEquals("rwx------", permissions("db"));
      assertEquals("rwx------", permissions("db/cluster"));
      assertFalse(
          postgres
              .settings()
              .toString()
              .contains(Files.readString(data.resolve("db/password")).strip()));
    }
  }

  @Test
  void lets_nobody_in_without_the_password_and_no_superuser_at_all() {
    try (EmbeddedPostgres postgres = EmbeddedPostgres.start(data)) {
      DatabaseSettings own = postgres.settings();
      for (DatabaseSettings stranger :
          List.of(
              login(own, "writ", Optional.empty()),
              login(own, "writ", Optional.of(Password.of("wrong"))),
              login(own, "postgres", own.password()))) {
        assertThrows(DatabaseSetupException.class, () -> Database.open(stranger, SCHEMA));
      }
    }
  }

  @Test
  void removes_a_pid_file_whose_number_belongs_to_another_process() throws Exception {
    EmbeddedPostgres.start(data).close();
    Files.writeString(
        data.resolve("db/cluster/postmaster.pid"), ProcessHandle.current().pid() + "\n");

    try (EmbeddedPostgres postgres = EmbeddedPostgres.start(data)) {
      assertEquals(List.of(), notes(postgres));
    }
  }

  @Test
  void starts_over_where_an_earlier_start_was_cut_off_in_the_middle() throws Exception {
    Files.createDirectories(data.resolve("db/initialising/base"));
    Files.writeString(data.resolve("db/password"), "of an earlier attempt\n");

    try (EmbeddedPostgres postgres = EmbeddedPostgres.start(data)) {
      assertEquals(List.of(), notes(postgres));
    }
    assertFalse(Files.exists(data.resolve("db/initialising")));
  }

  @Test
  void refuses_a_cluster_of_another_version() throws Exception {
    Files.createDirectories(data.resolve("db/cluster"));
    Files.writeString(data.resolve("db/cluster/PG_VERSION"), "17\n");

    DatabaseSetupException refusal =
        assertThrows(DatabaseSetupException.class, () -> EmbeddedPostgres.start(data));

    assertTrue(refusal.getMessage().contains("was written by PostgreSQL 17"), refusal.getMessage());
  }

  private static DatabaseSettings login(
      DatabaseSettings own, String user, Optional<Password> password) {
    return new DatabaseSettings(own.hosts(), own.database(), user, password, own.parameters());
  }

  private String permissions(String path) throws Exception {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(data.resolve(path)));
  }

  static void insert(EmbeddedPostgres postgres, String text) {
    try (Database database = Database.open(postgres.settings(), SCHEMA)) {
      database.inTransaction(session -> session.update("insert into note (text) values (?)", text));
    }
  }

  static List<String> notes(EmbeddedPostgres postgres) {
    try (Database database = Database.open(postgres.settings(), SCHEMA)) {
      return database.autoCommit(
          session -> session.list("select text from note order by id", row -> row.string("text")));
    }
  }

  static void kill(long pid) {
    ProcessHandle process = ProcessHandle.of(pid).orElseThrow();
    process.destroyForcibly();
    assertTrue(Processes.endsWithin(process, Duration.ofSeconds(5)));
  }

  static <T> T eventually(Supplier<T> attempt) throws InterruptedException {
    long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (true) {
      try {
        return attempt.get();
      } catch (DatabaseUnavailable e) {
        if (System.nanoTime() > deadline) {
          throw e;
        }
        Thread.sleep(50);
      }
    }
  }
}
