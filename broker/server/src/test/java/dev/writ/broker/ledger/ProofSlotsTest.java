package dev.writ.broker.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.writ.broker.ledger.Row.Kind;
import dev.writ.broker.ledger.Verdict.Appended;
import dev.writ.broker.ledger.Verdict.Replayed;
import dev.writ.broker.store.TestDatabase;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A DPoP proof is good once. */
class ProofSlotsTest {
  @RegisterExtension static final TestDatabase DATABASE = TestDatabase.migrated();

  /** The first second of a slot. */
  private static final Instant START = Instant.ofEpochSecond(128L * 13_800_000);

  private static TestLedger ledger;
  private static TestLedger otherNode;
  private TestAgent agent = new TestAgent(Uuids.next(), TestAgent.otherKey());

  @BeforeAll
  static void open() {
    ledger = TestLedger.withClock(DATABASE);
    otherNode = TestLedger.on(DATABASE);
  }

  @AfterAll
  static void close() {
    otherNode.close();
    ledger.close();
  }

  @BeforeEach
  void start() {
    ledger.clock(START);
    ledger.database.autoCommit(session -> session.update("TRUNCATE dpop_proof"));
    agent = ledger.agent();
  }

  private TestRow issue(String jti) {
    return ledger.row(Kind.ISSUE, agent).dpop(jti, START);
  }

  private static Row.Proof proof(String jti, Instant issuedAt) {
    Row.Proof proof =
        ledger
            .row(Kind.ISSUE, new TestAgent(Uuids.next(), new byte[32]))
            .dpop(jti, issuedAt)
            .build()
            .proof();
    if (proof == null) {
      throw new AssertionError();
    }
    return proof;
  }

  private static boolean useInAct(Row.Proof proof) {
    return ledger.acts.act(act -> act.useProof(proof));
  }

  @Test
  void a_proof_used_in_an_earlier_batch_is_refused_on_every_node() {
    ledger.assertAppended(issue("a"));

    ledger.assertRefused(new Replayed(), issue("a"));
    otherNode.assertRefused(new Replayed(), issue("a"));
  }

  @Test
  void of_the_same_proof_in_one_batch_the_first_counts() {
    assertEquals(
        List.of(Appended.class, Replayed.class, Appended.class, Replayed.class),
        ledger
            .append(issue("a").build(), issue("a").build(), issue("b").build(), issue("b").build())
            .stream()
            .map(Object::getClass)
            .toList());
  }

  @Test
  void known_and_new_proofs_in_one_batch_are_told_apart() {
    ledger.assertAppended(issue("known"));
    TestRow sameTextLater = ledger.row(Kind.ISSUE, agent).dpop("known", START.plusSeconds(130));

    assertEquals(
        List.of(Replayed.class, Appended.class, Appended.class, Appended.class),
        ledger
            .append(
                issue("known").build(),
                sameTextLater.build(),
                issue("new").build(),
                ledger.row(Kind.ISSUE, agent).build())
            .stream()
            .map(Object::getClass)
            .toList());
  }

  @Test
  void a_row_that_is_sent_back_does_not_use_up_its_proof() {
    ledger.assertRefused(new Verdict.Stale(), issue("a").revision(7));
    ledger.kill(agent);
    ledger.assertRefused(new Verdict.Objected(Objection.KILLED), issue("a"));
    ledger.set(agent, "killed_at = NULL");

    ledger.assertAppended(issue("a"));
  }

  @Test
  void a_recorded_refusal_uses_up_its_proof() {
    ledger.assertAppended(ledger.row(Kind.REFUSE, agent).dpop("a", START));

    ledger.assertRefused(new Replayed(), issue("a"));
    ledger.assertRefused(new Replayed(), ledger.row(Kind.REFUSE, agent).dpop("a", START));
  }

  @Test
  void endpoints_that_append_nothing_and_acts_share_the_memory() {
    Row.Proof proof = proof("a", START);

    assertTrue(ProofSlots.use(ledger.database, proof));
    assertFalse(ProofSlots.use(otherNode.database, proof));
    assertFalse(useInAct(proof));
    ledger.assertRefused(new Replayed(), issue("a"));

    assertTrue(useInAct(proof("b", START)));
    ledger.assertRefused(new Replayed(), issue("b"));
    assertTrue(ProofSlots.use(ledger.database, Row.Proof.ofKey(agent.jkt())));
  }

  @Test
  void one_proof_sent_fifty_times_at_once_to_two_nodes_is_good_once() throws Exception {
    Row.Proof proof = proof("a", START);
    try (LedgerWriter here = ledger.writer();
        LedgerWriter there = otherNode.writer();
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var verdicts =
          java.util.stream.IntStream.range(0, 50)
              .mapToObj(i -> {
                Row row = issue("a").build();
                return threads.submit(() ->
                    switch (i % 3) {
                      case 0 -> here.append(row) instanceof Appended;
                      case 1 -> there.append(row) instanceof Appended;
                      default -> ProofSlots.use(ledger.database, proof);
                    });
              })
              .toList();
      int good = 0;
      for (var verdict : verdicts) {
        good += verdict.get() ? 1 : 0;
      }
      assertEquals(1, good);
    }
  }

  @Test
  void java_and_the_database_agree_on_the_slot() {
    Set<Integer> slots = new HashSet<>();
    for (long second = 0; second < 4L * ProofSlots.SECONDS; second += 32) {
      Instant at = START.plusSeconds(second);
      int idle =
          ledger.database.autoCommit(session ->
              session.one("SELECT dpop_idle_slot(?) AS slot", row -> row.integer("slot"), at));
      assertEquals(ProofSlots.of(at.plusSeconds(2L * ProofSlots.SECONDS)), idle);
      slots.add(idle);
    }
    assertEquals(Set.of(0, 1, 2, 3), slots);
  }

  @Test
  void the_idle_slot_is_emptied_and_its_proofs_still_count_as_used() {
    ledger.assertAppended(issue("a"));

    ledger.clock(START.plusSeconds(2 * 128 - 1));
    assertFalse(ProofSlots.emptyIdle(ledger.database));
    ledger.assertRefused(new Replayed(), issue("a"));

    ledger.clock(START.plusSeconds(2 * 128));
    ledger.assertRefused(new Replayed(), issue("a"));
    assertTrue(ProofSlots.emptyIdle(ledger.database));
    assertFalse(ProofSlots.emptyIdle(otherNode.database));
    assertEquals(0, ledger.contents().proofs());
    ledger.assertRefused(new Replayed(), issue("a"));
    ledger.assertRefused(new Replayed(), ledger.row(Kind.REFUSE, agent).dpop("a", START));
    assertFalse(ProofSlots.use(ledger.database, proof("a", START)));
  }

  @Test
  void emptying_leaves_the_other_slots_alone_and_waits_for_nobody() {
    for (int slot = 0; slot < 3; slot++) {
      assertInstanceOf(
          Appended.class,
          ledger.append(
              ledger.row(Kind.ISSUE, agent).dpop("a", START.plusSeconds(128L * (slot - 1)))));
    }
    assertFalse(ProofSlots.emptyIdle(ledger.database));
    assertEquals(3, ledger.contents().proofs());
  }
}
