package dev.writ.broker.ledger;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.writ.broker.ledger.Row.Kind;
import dev.writ.broker.ledger.Verdict.Objected;
import dev.writ.broker.ledger.Verdict.Unconfirmed;
import dev.writ.broker.store.TestDatabase;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the append lets in by policies and owners that a realm confirmed, to the microsecond. */
class SourceAgeTest {
  @RegisterExtension static final TestDatabase DATABASE = TestDatabase.migrated();

  private static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");
  private static TestLedger ledger;

  @BeforeAll
  static void open() {
    ledger = TestLedger.withClock(DATABASE);
  }

  @AfterAll
  static void close() {
    ledger.close();
  }

  @AfterEach
  void forget() {
    sql("DELETE FROM source");
  }

  private static void sql(String sql, Object... parameters) {
    DATABASE.database().autoCommit(session -> session.update(sql, parameters));
  }

  /** Confirmed at noon, for an hour. */
  private static void source(String kind, boolean inForce) {
    sql(
        "INSERT INTO source VALUES (?, 'https://kc/realms/acme', 1, '', ?, 3600, ?)",
        kind,
        NOON,
        inForce);
  }

  private static void at(long micros) {
    ledger.clock(NOON.plus(1, ChronoUnit.HOURS).plus(micros, ChronoUnit.MICROS));
  }

  @ParameterizedTest
  @ValueSource(strings = {"policies", "owners"})
  void lets_in_until_the_last_word_is_as_old_as_it_may_be_and_nothing_from_then_on(String kind) {
    source(kind, true);
    TestAgent agent = ledger.agent();

    at(-1);
    assertInstanceOf(Verdict.Appended.class, ledger.append(ledger.row(Kind.ISSUE, agent)));
    at(0);
    ledger.assertRefused(new Unconfirmed(), ledger.row(Kind.ISSUE, agent));
  }

  @ParameterizedTest
  @EnumSource(names = {"ISSUE", "INTENT", "CLOSE", "AGAIN"})
  void refuses_everything_that_is_judged_by_it(Kind kind) {
    source("policies", true);
    TestAgent agent = ledger.agent();
    at(0);

    ledger.assertRefused(new Unconfirmed(), ledger.row(kind, agent));
  }

  @Test
  void a_source_that_is_in_force_no_more_stands_in_nobodys_way() {
    source("policies", false);
    TestAgent agent = ledger.agent();
    at(1);

    assertInstanceOf(Verdict.Appended.class, ledger.append(ledger.row(Kind.ISSUE, agent)));
  }

  @Test
  void a_killed_agent_is_told_that_it_was_killed() {
    source("policies", true);
    TestAgent agent = ledger.agent();
    ledger.kill(agent);
    at(0);

    ledger.assertRefused(new Objected(Objection.KILLED), ledger.row(Kind.ISSUE, agent));
  }
}
