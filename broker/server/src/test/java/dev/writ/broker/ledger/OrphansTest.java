package dev.writ.broker.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.writ.broker.ledger.Row.Kind;
import dev.writ.broker.ledger.Verdict.NotOpen;
import dev.writ.broker.store.TestDatabase;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** An intent that nobody works on comes to an end. */
class OrphansTest {
  @RegisterExtension static final TestDatabase DATABASE = TestDatabase.migrated();

  private static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");
  private static TestLedger here;
  private static TestLedger there;
  private final Set<UUID> works = new HashSet<>();

  private static NodeLease leaseOf(TestLedger node) {
    return new NodeLease(node.database, node.node, "a node");
  }

  private int settle() {
    return new Orphans(here.database, here.acts, here.node, works::contains).settle();
  }

  @BeforeAll
  static void open() {
    here = TestLedger.withClock(DATABASE);
    there = TestLedger.on(DATABASE);
  }

  @AfterAll
  static void close() {
    there.close();
    here.close();
  }

  @BeforeEach
  void noon() {
    here.clock(NOON);
    here.database.autoCommit(
        session -> session.update("UPDATE writ SET state = 'refused' WHERE state = 'open'"));
    leaseOf(here).renew();
    leaseOf(there).renew();
  }

  private static Row intent(TestLedger node) {
    Row row = node.row(Kind.INTENT, node.agent()).build();
    node.append(row);
    return row;
  }

  private static void assertState(String state, Row intent) {
    assertEquals(Optional.of(state), here.writState(intent.id()));
  }

  private static String lastRow() {
    return here.database.autoCommit(session ->
        session.one(
            "SELECT kind, writ, body FROM ledger ORDER BY sequence DESC LIMIT 1",
            row -> row.string("kind") + " " + row.uuid("writ") + " " + row.string("body")));
  }

  @Test
  void an_intent_of_a_node_whose_lease_ran_out_is_settled_with_a_row_at_that_instant() {
    Row intent = intent(there);
    Instant end = NOON.plus(NodeLease.LENGTH);

    here.clock(end.minus(1, ChronoUnit.MICROS));
    assertEquals(0, settle());
    assertState("open", intent);

    here.clock(end);
    assertEquals(1, settle());
    assertState("unknown", intent);
    String row = lastRow();
    assertTrue(row.startsWith("orphan " + intent.id()), row);
    assertTrue(row.contains(there.node.toString()) && row.contains("lease ran out"), row);
    assertEquals(0, settle());
  }

  @Test
  void a_renewed_lease_keeps_its_intents() {
    Row intent = intent(there);
    here.clock(NOON.plusSeconds(8));
    leaseOf(there).renew();
    here.clock(NOON.plusSeconds(17));

    assertEquals(0, settle());
    assertState("open", intent);
  }

  @Test
  void a_node_that_ends_its_lease_leaves_its_intents_to_others_at_once() {
    Row intent = intent(there);
    leaseOf(there).end();

    assertEquals(1, settle());
    assertState("unknown", intent);
  }

  @Test
  void a_node_that_nobody_heard_of_has_no_lease() {
    here.database.autoCommit(
        session -> session.update("DELETE FROM node WHERE id = ?", there.node));
    Row intent = intent(there);

    assertEquals(1, settle());
    assertState("unknown", intent);
  }

  @Test
  void an_intent_that_this_node_gave_up_is_settled_after_five_seconds() {
    Row intent = intent(here);
    here.clock(NOON.plus(Orphans.GIVEN_UP).minus(1, ChronoUnit.MICROS));
    assertEquals(0, settle());

    here.clock(NOON.plus(Orphans.GIVEN_UP));
    assertEquals(1, settle());
    assertState("unknown", intent);
    assertTrue(lastRow().contains("the node gave it up"), lastRow());
  }

  @Test
  void an_intent_that_this_node_works_on_is_left_alone_even_without_a_lease() {
    Row intent = intent(here);
    works.add(intent.id());
    here.clock(NOON.plus(Duration.ofMinutes(1)));

    assertEquals(0, settle());
    assertState("open", intent);
  }

  @Test
  void an_old_intent_of_another_living_node_is_its_own_affair() {
    Row intent = intent(there);
    for (int i = 1; i <= 5; i++) {
      here.clock(NOON.plusSeconds(i * 8L));
      leaseOf(there).renew();
      leaseOf(here).renew();
    }
    assertEquals(0, settle());
    assertState("open", intent);
  }

  @Test
  void who_comes_back_to_a_settled_intent_is_told_so() {
    Row intent = intent(there);
    leaseOf(there).end();
    settle();

    UUID agent = intent.agent();
    byte[] jkt = intent.proof() == null ? new byte[0] : intent.proof().jkt();
    there.assertRefused(
        new NotOpen(), there.row(Kind.CLOSE, new TestAgent(agent, jkt)).writ(intent.id()));
  }

  @Test
  void two_nodes_that_settle_at_once_write_one_row() throws Exception {
    UUID third = Uuids.next();
    Row intent = here.row(Kind.INTENT, here.agent()).build();
    here.database.autoCommit(session ->
        new AppendStatement(session.connection(), third, here.seen)
            .append(java.util.List.of(intent)));
    Orphans others = new Orphans(there.database, there.acts, there.node, id -> false);
    long before = here.contents().rows();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var one = threads.submit(this::settle);
      var two = threads.submit(others::settle);
      assertEquals(1, one.get() + two.get());
    }
    assertEquals(before + 1, here.contents().rows());
  }

  @Test
  void old_nodes_are_forgotten_unless_they_left_something_open() {
    Row intent = intent(there);
    here.clock(NOON.plus(Duration.ofDays(91)));
    leaseOf(here).renew();
    leaseOf(here).forgetOld();
    assertTrue(known(there.node));

    assertEquals(1, settle());
    assertState("unknown", intent);
    leaseOf(here).forgetOld();
    assertTrue(!known(there.node) && known(here.node));
  }

  private static boolean known(UUID node) {
    return here.database.autoCommit(session ->
        session.one(
            "SELECT EXISTS (SELECT FROM node WHERE id = ?) AS known",
            row -> row.bool("known"),
            node));
  }
}
