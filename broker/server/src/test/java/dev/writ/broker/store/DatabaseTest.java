package dev.writ.broker.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class DatabaseTest {
  @RegisterExtension static final TestDatabase DATABASE = TestDatabase.migrated("db/store-test");

  private final Database database = DATABASE.database();

  @BeforeEach
  void empty() {
    database.inTransaction(session -> session.update("delete from note"));
  }

  @Test
  void commits_when_the_work_returns() {
    int rows = database.inTransaction(session -> insert(session, "kept"));

    assertEquals(1, rows);
    assertEquals(List.of("kept"), notes());
  }

  @Test
  void rolls_back_when_the_work_throws() {
    assertThrows(
        IllegalStateException.class,
        () ->
            database.inTransaction(session -> {
              insert(session, "lost");
              throw new IllegalStateException("changed its mind");
            }));

    assertEquals(List.of(), notes());
  }

  @Test
  void rolls_back_all_of_a_transaction_when_one_statement_is_refused() {
    DatabaseFailure failure =
        assertThrows(
            DatabaseFailure.class,
            () ->
                database.inTransaction(
                    session -> insert(session, "twice") + insert(session, "twice")));

    assertTrue(failure.isUniqueViolation());
    assertEquals(List.of(), notes());
  }

  @Test
  void keeps_rows_out_of_the_message_of_a_refused_statement() {
    DatabaseFailure failure =
        assertThrows(
            DatabaseFailure.class,
            () ->
                database.inTransaction(
                    session -> insert(session, "sealed-key") + insert(session, "sealed-key")));

    assertFalse(String.valueOf(failure.getCause()).contains("sealed-key"));
  }

  @Test
  void runs_at_read_committed() {
    String isolation =
        database.inTransaction(session ->
            session.one(
                "select current_setting('transaction_isolation') as isolation",
                row -> row.string("isolation")));

    assertEquals("read committed", isolation);
  }

  @Test
  void carries_every_kind_of_parameter_there_and_back() {
    UUID id = UUID.randomUUID();
    Instant now = Instant.now();
    byte[] bytes = {0, -1, 7};
    database.autoCommit(session ->
        session.one(
            """
            select ?::uuid as id, ?::timestamptz as at, ?::bytea as bytes, ?::text[] as texts, ?::uuid[] as ids,
              ?::bigint as number, ?::boolean as flag, ?::text as nothing, (?::bytea[])[2] as second
            """,
            row -> {
              assertEquals(id, row.uuid("id"));
              assertEquals(now.truncatedTo(ChronoUnit.MICROS), row.instant("at"));
              assertArrayEquals(bytes, row.bytes("bytes"));
              assertEquals(List.of("a", "b,\"c\""), row.strings("texts"));
              assertEquals(List.of(id), row.uuids("ids"));
              assertEquals(Long.MAX_VALUE, row.longInteger("number"));
              assertTrue(row.bool("flag"));
              assertEquals(Optional.empty(), row.findString("nothing"));
              assertThrows(SQLException.class, () -> row.string("nothing"));
              assertArrayEquals(bytes, row.bytes("second"));
              return true;
            },
            id,
            now,
            bytes,
            new String[] {"a", "b,\"c\""},
            new UUID[] {id},
            Long.MAX_VALUE,
            true,
            Optional.empty(),
            new byte[][] {"x".getBytes(StandardCharsets.UTF_8), bytes}));
  }

  @Test
  void refuses_two_rows_where_one_is_expected() {
    DatabaseFailure failure =
        assertThrows(
            DatabaseFailure.class,
            () ->
                database.autoCommit(session ->
                    session.find(
                        "select n from generate_series(1, 2) n", row -> row.integer("n"))));

    assertTrue(String.valueOf(failure.getCause()).contains("at most one row"));
  }

  @Test
  void is_ready_when_the_clocks_agree() {
    DatabaseHealth.Ready ready = assertInstanceOf(DatabaseHealth.Ready.class, database.health());

    assertTrue(ready.clockOffset().abs().compareTo(Duration.ofMillis(100)) < 0);
  }

  @Test
  void is_not_ready_when_the_clocks_are_more_than_five_seconds_apart() {
    Duration five = Duration.ofSeconds(5);
    assertInstanceOf(DatabaseHealth.Ready.class, DatabaseHealth.ofClock(five));
    assertInstanceOf(DatabaseHealth.Ready.class, DatabaseHealth.ofClock(five.negated()));
    assertEquals(
        new DatabaseHealth.ClockOff(five.plusNanos(1)), DatabaseHealth.ofClock(five.plusNanos(1)));
    assertInstanceOf(
        DatabaseHealth.ClockOff.class, DatabaseHealth.ofClock(five.plusNanos(1).negated()));
  }

  @Test
  void fails_within_a_second_when_a_lock_is_not_let_go() {
    database.inTransaction(session -> {
      session.update("lock table note in access exclusive mode");
      long began = System.nanoTime();
      DatabaseUnavailable failure =
          assertThrows(
              DatabaseUnavailable.class,
              () -> database.inTransaction(other -> insert(other, "late")));
      assertTrue(
          Duration.ofNanos(System.nanoTime() - began).compareTo(Duration.ofMillis(1100)) < 0);
      assertFalse(failure.mayHaveCommitted());
      return true;
    });
    assertEquals(List.of(), notes());
  }

  @Test
  void says_that_a_single_statement_whose_answer_was_lost_may_have_been_carried_out() {
    DatabaseUnavailable failure =
        assertThrows(
            DatabaseUnavailable.class,
            () ->
                database.autoCommit(session ->
                    session.find("select pg_sleep(5)::text as x", row -> row.string("x"))));

    assertTrue(failure.mayHaveCommitted());
  }

  @Test
  void gives_patient_work_the_time_it_asks_for() {
    boolean slept =
        database.inTransaction(
            Duration.ofSeconds(10),
            session ->
                session.one("select pg_sleep(1.5) is not null as slept", row -> row.bool("slept")));

    assertTrue(slept);
  }

  private static int insert(Session session, String text) throws SQLException {
    return session.update("insert into note (text) values (?)", text);
  }

  private List<String> notes() {
    return database.autoCommit(
        session -> session.list("select text from note order by id", row -> row.string("text")));
  }
}
