package dev.writ.broker.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.writ.broker.ledger.Row.Kind;
import dev.writ.broker.ledger.Row.WritState;
import dev.writ.broker.ledger.Verdict.Appended;
import dev.writ.broker.ledger.Verdict.NotOpen;
import dev.writ.broker.ledger.Verdict.Stale;
import dev.writ.broker.store.TestDatabase;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What rows make of writs. */
class WritLifeTest {
  @RegisterExtension static final TestDatabase DATABASE = TestDatabase.migrated();

  private static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");
  private static TestLedger ledger;
  private TestAgent agent = new TestAgent(Uuids.next(), TestAgent.otherKey());

  @BeforeAll
  static void open() {
    ledger = TestLedger.withClock(DATABASE);
  }

  @AfterAll
  static void close() {
    ledger.close();
  }

  @BeforeEach
  void noon() {
    ledger.clock(NOON);
    agent = ledger.agent();
  }

  private TestRow row(Kind kind, UUID writ) {
    return ledger.row(kind, agent).writ(writ);
  }

  private UUID begun(Kind kind) {
    Row row = ledger.row(kind, agent).build();
    assertInstanceOf(Appended.class, ledger.append(row).getFirst());
    return row.id();
  }

  private static void assertState(String state, UUID writ) {
    assertEquals(Optional.of(state), ledger.writState(writ));
  }

  @Test
  void an_issued_writ_is_live_and_an_intended_one_open() {
    assertState("live", begun(Kind.ISSUE));
    assertState("open", begun(Kind.INTENT));
  }

  @Test
  void a_close_makes_an_open_writ_what_it_says() {
    for (WritState state : List.of(WritState.LIVE, WritState.REFUSED, WritState.UNKNOWN)) {
      UUID writ = begun(Kind.INTENT);
      ledger.assertAppended(row(Kind.CLOSE, writ).state(state));
      assertState(state.word, writ);
    }
  }

  @Test
  void only_an_open_writ_is_closed_and_only_once() {
    UUID writ = begun(Kind.INTENT);
    ledger.assertAppended(row(Kind.CLOSE, writ));

    ledger.assertRefused(new NotOpen(), row(Kind.CLOSE, writ));
    ledger.assertRefused(new NotOpen(), row(Kind.CLOSE, begun(Kind.ISSUE)));
    ledger.assertRefused(new NotOpen(), row(Kind.CLOSE, Uuids.next()));
  }

  @Test
  void of_two_closes_in_one_batch_the_first_counts() {
    UUID writ = begun(Kind.INTENT);
    long head = ledger.contents().head();

    List<Verdict> verdicts =
        ledger.append(
            row(Kind.CLOSE, writ).state(WritState.REFUSED).build(),
            row(Kind.CLOSE, writ).state(WritState.LIVE).build());

    assertEquals(List.of(new Appended(head + 1, NOON), new NotOpen()), verdicts);
    assertState("refused", writ);
  }

  @Test
  void nobody_closes_the_writ_of_another_agent_or_is_handed_it() {
    UUID open = begun(Kind.INTENT);
    UUID live = begun(Kind.ISSUE);
    TestAgent other = ledger.agent();

    ledger.assertRefused(new NotOpen(), ledger.row(Kind.CLOSE, other).writ(open));
    ledger.assertRefused(new Stale(), ledger.row(Kind.AGAIN, other).writ(live));
  }

  @Test
  void a_close_judges_again_and_what_is_refused_stays_open_until_it_is_withheld() {
    UUID writ = begun(Kind.INTENT);
    ledger.kill(agent);

    ledger.assertRefused(new Verdict.Objected(Objection.KILLED), row(Kind.CLOSE, writ));
    assertState("open", writ);

    ledger.assertAppended(row(Kind.WITHHOLD, writ).state(WritState.ENDED));
    assertState("ended", writ);
  }

  @Test
  void a_live_writ_is_handed_out_again_until_the_instant_of_its_end() {
    Row issued = ledger.row(Kind.ISSUE, agent).expires(NOON.plusSeconds(1)).build();
    ledger.append(issued);
    long writs = ledger.contents().writs();

    ledger.clock(NOON.plusSeconds(1).minus(1, ChronoUnit.MICROS));
    ledger.assertAppended(row(Kind.AGAIN, issued.id()));
    assertEquals(writs, ledger.contents().writs());

    ledger.clock(NOON.plusSeconds(1));
    ledger.assertRefused(new Stale(), row(Kind.AGAIN, issued.id()));
  }

  @Test
  void only_a_live_writ_is_handed_out_again() {
    UUID ended = begun(Kind.ISSUE);
    ledger.assertAppended(row(Kind.WITHHOLD, ended).state(WritState.ENDED));

    ledger.assertRefused(new Stale(), row(Kind.AGAIN, ended));
    ledger.assertRefused(new Stale(), row(Kind.AGAIN, begun(Kind.INTENT)));
  }

  @Test
  void a_writ_that_has_ended_stays_ended() {
    UUID writ = begun(Kind.ISSUE);
    ledger.assertAppended(row(Kind.WITHHOLD, writ).state(WritState.ENDED));
    ledger.assertAppended(row(Kind.WITHHOLD, writ).state(WritState.UNKNOWN));

    assertState("ended", writ);
  }

  @Test
  void a_refusal_is_a_row_and_no_writ_even_of_a_dead_agent() {
    ledger.kill(agent);
    TestLedger.Contents before = ledger.contents();

    ledger.assertAppended(ledger.row(Kind.REFUSE, agent));

    TestLedger.Contents after = ledger.contents();
    assertEquals(before.rows() + 1, after.rows());
    assertEquals(before.writs(), after.writs());
  }

  @Test
  void a_row_without_what_it_is_judged_by_cannot_be_made() {
    Row whole = ledger.row(Kind.ISSUE, agent).build();

    assertThrows(
        IllegalArgumentException.class,
        () ->
            new Row(
                Kind.ISSUE,
                whole.id(),
                whole.agent(),
                whole.writ(),
                whole.body(),
                whole.basis(),
                null,
                whole.credential()));
    assertThrows(IllegalArgumentException.class, () -> row(Kind.ISSUE, Uuids.next()).build());
    assertThrows(
        IllegalArgumentException.class,
        () -> row(Kind.WITHHOLD, Uuids.next()).state(WritState.LIVE).build());
    assertThrows(
        IllegalArgumentException.class,
        () -> ledger.row(Kind.ISSUE, agent).body("x".repeat(Row.BODY_MAX + 1)).build());
  }
}
