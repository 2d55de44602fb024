package dev.writ.broker.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.writ.broker.cli.Shell.Ended;
import dev.writ.broker.store.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

class MigrateCommandTest {
  @RegisterExtension static final TestDatabase DATABASE = TestDatabase.migrated();

  @TempDir Path folder;

  private long tables() {
    return DATABASE
        .database()
        .autoCommit(session ->
            session.one(
                "select count(*) as n from information_schema.tables where table_schema = 'public'",
                row -> row.longInteger("n")));
  }

  @Test
  void makes_the_schema_and_finds_nothing_more_to_do() throws IOException {
    Files.writeString(folder.resolve("writ.yaml"), DATABASE.configured(folder));
    long before = tables();
    DATABASE
        .database()
        .inTransaction(session -> {
          session.update("drop schema public cascade");
          return session.update("create schema public");
        });

    Ended first = Shell.in(folder).run("migrate");
    long made = tables();
    Ended second = Shell.in(folder).run("migrate", "--json");

    assertEquals(0, first.code(), first::toString);
    assertTrue(first.out().endsWith(" is up to date.\n"), first::toString);
    assertTrue(made > 10, "tables: " + made);
    assertEquals(before, made);
    assertEquals(0, second.code(), second::toString);
    assertEquals(
        DATABASE.settings().address(), second.json().get("database").asText(), second::toString);
    assertEquals(made, tables());
  }

  @Test
  void makes_no_folder_for_data_and_no_keys() throws IOException {
    Files.writeString(folder.resolve("writ.yaml"), DATABASE.configured(folder));

    Shell.in(folder).run("migrate");

    assertTrue(Files.notExists(folder.resolve("data")));
  }

  @Test
  void a_node_of_its_own_has_nothing_to_migrate() {
    Ended ended = Shell.in(folder).run("migrate");

    assertEquals(2, ended.code());
    assertTrue(ended.err().startsWith("writ: database: is not configured."), ended::toString);
  }

  @Test
  void a_database_that_refuses_is_told_without_its_password() throws IOException {
    Files.writeString(folder.resolve("password"), "wrong-hunter2");
    Files.writeString(
        folder.resolve("writ.yaml"),
        "database: { url: \"%s\", user: \"%s\", password: \"file:password\" }"
            .formatted(DATABASE.settings().address(), DATABASE.settings().user()));

    Ended ended = Shell.in(folder).run("migrate");

    assertEquals(1, ended.code());
    assertTrue(ended.err().startsWith("writ: The database is not up to date."), ended::toString);
    assertTrue(!ended.toString().contains("hunter2"), ended::toString);
  }
}
