package dev.writ.broker.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class MigrationsTest {
  private static final String SCHEMA = "db/store-test";

  @RegisterExtension static final TestDatabase DATABASE = TestDatabase.migrated(SCHEMA);

  @Test
  void are_found_up_to_date_by_flyways_own_history() throws Exception {
    try (Connection connection = connect(DATABASE.settings())) {
      assertTrue(Migrations.at(SCHEMA).isUpToDate(connection));
    }
  }

  @Test
  void are_brought_up_to_date_by_several_nodes_at_once() throws Exception {
    DatabaseSettings fresh = fresh("nodes");
    try (ExecutorService nodes = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> starts = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        starts.add(nodes.submit(() -> Database.open(fresh, SCHEMA).close()));
      }
      for (Future<?> start : starts) {
        start.get();
      }
    }
    assertEquals(2, count(fresh, "select count(*) as n from flyway_schema_history where success"));
  }

  @Test
  void leave_a_schema_alone_that_a_newer_broker_has_brought_further() throws Exception {
    DatabaseSettings fresh = fresh("newer");
    Database.open(fresh, SCHEMA).close();
    execute(
        fresh,
        "insert into flyway_schema_history values (3, '3', 'later', 'SQL', 'V3__later.sql', 7, 'x', now(), 1, true)");

    Database.open(fresh, SCHEMA).close();
  }

  @Test
  void refuse_a_schema_made_by_a_migration_that_was_changed_since() throws Exception {
    DatabaseSettings fresh = fresh("changed");
    Database.open(fresh, SCHEMA).close();
    execute(fresh, "update flyway_schema_history set checksum = 1 where version = '2'");

    try (Connection connection = connect(fresh)) {
      assertFalse(Migrations.at(SCHEMA).isUpToDate(connection));
    }
    DatabaseSetupException refusal =
        assertThrows(DatabaseSetupException.class, () -> Database.open(fresh, SCHEMA));
    assertTrue(
        refusal.getMessage().contains("could not be brought up to date"), refusal.getMessage());
  }

  private static DatabaseSettings fresh(String name) throws Exception {
    execute(DATABASE.settings(), "create database " + name);
    DatabaseSettings own = DATABASE.settings();
    return new DatabaseSettings(own.hosts(), name, own.user(), own.password(), own.parameters());
  }

  private static Connection connect(DatabaseSettings settings) throws Exception {
    return DataSources.of(settings, DataSources.IMPATIENT).getConnection();
  }

  private static void execute(DatabaseSettings settings, String sql) throws Exception {
    try (Connection connection = connect(settings)) {
      new Session(connection).update(sql);
    }
  }

  private static int count(DatabaseSettings settings, String sql) throws Exception {
    try (Connection connection = connect(settings)) {
      return new Session(connection).one(sql, row -> row.integer("n"));
    }
  }
}
