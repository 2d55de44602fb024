package dev.writ.broker.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class ServerFactsTest {
  @RegisterExtension static final TestDatabase DATABASE = TestDatabase.migrated();

  @RegisterExtension static final TestDatabase OTHER = TestDatabase.migrated("db/store-test");

  private static void set(String setting) {
    DATABASE
        .database()
        .autoCommit(session ->
            session
                .connection()
                .createStatement()
                .execute("ALTER DATABASE \"" + DATABASE.settings().database() + "\" " + setting));
  }

  @AfterEach
  void mends() {
    set("RESET ALL");
  }

  @Test
  void a_server_that_a_broker_would_start_on_has_nothing_to_complain_of() {
    ServerFacts facts = DATABASE.database().facts();

    assertEquals(List.of(), facts.complaints());
    assertTrue(facts.version() >= 14);
    assertTrue(facts.schemaUpToDate());
    assertTrue(facts.connectionsFree() > 0 && facts.connectionsFree() < facts.connectionsMax());
    assertTrue(facts.ledgerBytes() > 0);
    assertEquals(Optional.empty(), facts.oldestRow());
  }

  @Test
  void all_settings_that_are_wrong_are_named_at_once() {
    set("SET synchronous_commit = off");
    set("SET default_transaction_isolation = 'serializable'");

    List<String> complaints = Database.look(DATABASE.settings()).complaints();

    assertEquals(2, complaints.size());
    assertEquals(
        "has default_transaction_isolation = serializable; Writ needs read committed.",
        complaints.get(0));
    assertTrue(complaints.get(1).startsWith("has synchronous_commit = off"));
  }

  @Test
  void a_schema_of_something_else_is_not_up_to_date_and_is_left_as_it_is() {
    ServerFacts facts = Database.look(OTHER.settings());

    assertFalse(facts.schemaUpToDate());
    assertEquals(0, facts.ledgerBytes());
    assertFalse(Database.look(OTHER.settings()).schemaUpToDate());
  }
}
