package dev.writ.broker.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.writ.broker.ledger.Row.Kind;
import dev.writ.broker.ledger.Verdict.Objected;
import dev.writ.broker.ledger.Verdict.Stale;
import dev.writ.broker.store.TestDatabase;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the append lets in, to the microsecond. */
class JudgementTest {
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

  @BeforeEach
  void noon() {
    ledger.clock(NOON);
  }

  private static Instant micro(Instant of, long more) {
    return of.plus(more, ChronoUnit.MICROS);
  }

  private static TestRow issue(TestAgent agent) {
    return ledger.row(Kind.ISSUE, agent);
  }

  @Test
  void lets_in_a_live_agent_at_the_databases_time() {
    TestAgent agent = ledger.agent();
    long before = ledger.contents().head();

    assertEquals(new Verdict.Appended(before + 1, NOON), ledger.append(issue(agent)));
  }

  @Test
  void knows_no_agent_that_is_not_there() {
    TestAgent nobody = new TestAgent(Uuids.next(), TestAgent.otherKey());

    ledger.assertRefused(new Objected(Objection.UNKNOWN), issue(nobody));
  }

  @ParameterizedTest
  @EnumSource(names = {"ISSUE", "INTENT", "CLOSE", "AGAIN"})
  void refuses_a_killed_agent_everything_that_is_judged(Kind kind) {
    TestAgent agent = ledger.agent();
    ledger.kill(agent);

    ledger.assertRefused(new Objected(Objection.KILLED), ledger.row(kind, agent));
  }

  @Test
  void refuses_an_agent_from_the_instant_of_its_end() {
    TestAgent agent = ledger.agent();
    ledger.set(agent, "expires_at = ?", NOON);
    TestRow row = issue(agent).expires(NOON);

    ledger.assertRefused(new Objected(Objection.EXPIRED), row);
    ledger.clock(micro(NOON, -1));
    ledger.assertAppended(row);
  }

  @Test
  void refuses_the_descendants_of_a_killed_agent() {
    TestAgent root = ledger.agent();
    TestAgent parent = ledger.agent(List.of(root));
    TestAgent child = ledger.agent(List.of(parent, root));
    ledger.assertAppended(issue(child));

    ledger.kill(root);

    ledger.assertRefused(new Objected(Objection.ANCESTOR_KILLED), issue(child));
    ledger.assertRefused(new Objected(Objection.ANCESTOR_KILLED), issue(parent));
  }

  @Test
  void refuses_the_descendants_of_an_expired_agent_from_the_instant_of_its_end() {
    TestAgent root = ledger.agent();
    TestAgent child = ledger.agent(List.of(root));
    ledger.set(root, "expires_at = ?", NOON);
    TestRow row = issue(child);

    ledger.assertRefused(new Objected(Objection.ANCESTOR_EXPIRED), row);
    ledger.clock(micro(NOON, -1));
    ledger.assertAppended(row);
  }

  @Test
  void refuses_an_agent_one_of_whose_ancestors_is_missing() {
    TestAgent root = ledger.agent();
    TestAgent parent = ledger.agent(List.of(root));
    TestAgent nobody = new TestAgent(Uuids.next(), TestAgent.otherKey());
    TestAgent child = ledger.agent(List.of(parent, nobody));

    ledger.assertRefused(new Objected(Objection.UNKNOWN), issue(child));
  }

  @Test
  void refuses_another_key() {
    TestAgent agent = ledger.agent();

    ledger.assertRefused(new Objected(Objection.KEY), issue(agent).key(TestAgent.otherKey()));
  }

  @Test
  void takes_the_key_before_until_the_instant_its_last_svid_ends() {
    TestAgent agent = ledger.agent();
    byte[] newer = TestAgent.otherKey();
    ledger.set(agent, "jkt_before = jkt, jkt_before_until = ?, jkt = ?", NOON, newer);
    TestRow before = issue(agent);

    ledger.assertRefused(new Objected(Objection.KEY), before);
    ledger.assertAppended(issue(agent).key(newer));
    ledger.clock(micro(NOON, -1));
    ledger.assertAppended(before);
  }

  @Test
  void refuses_a_key_before_of_which_nobody_knows_the_end() {
    TestAgent agent = ledger.agent();
    ledger.set(agent, "jkt_before = jkt, jkt_before_until = NULL, jkt = ?", TestAgent.otherKey());

    ledger.assertRefused(new Objected(Objection.KEY), issue(agent));
  }

  @Test
  void takes_only_the_new_key_after_another_enrolment() {
    TestAgent agent = ledger.agent();
    byte[] newer = TestAgent.otherKey();
    ledger.set(agent, "jkt = ?, jkt_before = NULL, enrolment = 2", newer);

    ledger.assertRefused(new Objected(Objection.KEY), issue(agent));
    ledger.assertAppended(issue(agent).key(newer));
  }

  @Test
  void refuses_an_agent_that_has_no_key_yet() {
    TestAgent agent = ledger.agent();
    ledger.set(agent, "jkt = NULL");

    ledger.assertRefused(new Objected(Objection.KEY), issue(agent));
  }

  @Test
  void sends_back_what_was_judged_by_another_authority() {
    TestAgent agent = ledger.agent();
    TestRow early = issue(agent);
    long changed =
        ledger.acts.act(act -> act.recordChange(Acts.Note.of("policy", java.util.Map.of())));

    ledger.assertRefused(new Stale(), early);
    ledger.assertRefused(new Stale(), issue(agent).authority(changed + 1));
    ledger.assertAppended(issue(agent).authority(changed));
  }

  @Test
  void sends_back_nothing_after_an_act_that_changes_no_authority() {
    TestAgent agent = ledger.agent();
    TestRow early = issue(agent);
    ledger.acts.act(act -> act.record(Acts.Note.of("bind", java.util.Map.of())));

    ledger.assertAppended(early);
  }

  @Test
  void sends_back_what_was_judged_by_another_revision_of_the_agent() {
    TestAgent agent = ledger.agent();
    ledger.set(agent, "revision = 3");

    ledger.assertRefused(new Stale(), issue(agent).revision(2));
    ledger.assertRefused(new Stale(), issue(agent).revision(4));
    ledger.assertAppended(issue(agent).revision(3));
  }

  @Test
  void lets_a_person_answer_from_the_first_to_before_the_last_instant_of_their_duty() {
    TestAgent agent = ledger.agent();

    ledger.assertRefused(new Stale(), issue(agent).duty(micro(NOON, 1), Instant.MAX));
    ledger.assertAppended(issue(agent).duty(NOON, Instant.MAX));
    ledger.assertRefused(new Stale(), issue(agent).duty(Instant.MIN, NOON));
    ledger.assertAppended(issue(agent).duty(Instant.MIN, micro(NOON, 1)));
  }

  @ParameterizedTest
  @EnumSource(names = {"ISSUE", "INTENT"})
  void sends_back_a_credential_that_would_outlive_its_agent(Kind kind) {
    TestAgent agent = ledger.agent();
    Instant end = NOON.plusSeconds(60);
    ledger.set(agent, "expires_at = ?", end);

    ledger.assertRefused(new Stale(), ledger.row(kind, agent).expires(micro(end, 1)));
    ledger.assertAppended(ledger.row(kind, agent).expires(end));
  }

  @Test
  void names_the_first_of_several_objections() {
    TestAgent root = ledger.agent();
    TestAgent agent = ledger.agent(List.of(root));
    TestRow row = issue(agent).key(TestAgent.otherKey()).revision(9).authority(-1);
    ledger.kill(agent);
    ledger.kill(root);
    ledger.set(agent, "expires_at = ?", NOON);

    ledger.assertRefused(new Objected(Objection.KILLED), row);
    ledger.set(agent, "killed_at = NULL");
    ledger.assertRefused(new Objected(Objection.EXPIRED), row);
    ledger.set(agent, "expires_at = ?", NOON.plusSeconds(600));
    ledger.assertRefused(new Objected(Objection.KEY), row);
    row.key(agent.jkt());
    ledger.assertRefused(new Objected(Objection.ANCESTOR_KILLED), row);
    ledger.set(root, "killed_at = NULL");
    ledger.assertRefused(new Stale(), row);
    row.revision(0).authority(ledger.authority());
    ledger.assertAppended(row);
  }

  @Test
  void judges_each_row_of_a_batch_for_itself_and_numbers_what_goes_in() {
    TestAgent live = ledger.agent();
    TestAgent dead = ledger.agent();
    ledger.kill(dead);
    long head = ledger.contents().head();

    List<Verdict> verdicts =
        ledger.append(
            issue(live).build(),
            issue(dead).build(),
            issue(live).revision(1).build(),
            issue(live).build());

    assertEquals(
        List.of(
            new Verdict.Appended(head + 1, NOON),
            new Objected(Objection.KILLED),
            new Stale(),
            new Verdict.Appended(head + 2, NOON)),
        verdicts);
  }
}
