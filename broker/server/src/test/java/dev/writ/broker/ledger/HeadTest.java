package dev.writ.broker.ledger;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.writ.broker.keys.Digests;
import dev.writ.broker.ledger.Acts.Note;
import dev.writ.broker.ledger.Row.Kind;
import dev.writ.broker.ledger.Row.WritState;
import dev.writ.broker.ledger.Verdict.Appended;
import dev.writ.broker.ledger.Verdict.Objected;
import dev.writ.broker.ledger.Verdict.Stale;
import dev.writ.broker.store.DatabaseFailure;
import dev.writ.broker.store.TestDatabase;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** One head, one order, one chain, for all nodes. */
class HeadTest {
  @RegisterExtension static final TestDatabase DATABASE = TestDatabase.migrated();

  private static TestLedger here;
  private static TestLedger there;

  @BeforeAll
  static void open() {
    here = TestLedger.on(DATABASE);
    there = TestLedger.on(DATABASE);
  }

  @AfterAll
  static void close() {
    there.close();
    here.close();
  }

  /** An act of one node holds the lock while another node's append of the row waits for it. */
  private static Verdict appendedWhile(Row row, Acts.Work<Object> change) throws Exception {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      CountDownLatch locked = new CountDownLatch(1);
      CountDownLatch waiting = new CountDownLatch(1);
      Future<Object> act =
          threads.submit(() ->
              here.acts.act(held -> {
                locked.countDown();
                await(waiting);
                return change.run(held);
              }));
      locked.await();
      Future<Verdict> verdict = threads.submit(() -> there.append(row).getFirst());
      awaitSomebodyWaitingForALock();
      assertFalse(verdict.isDone());
      waiting.countDown();
      act.get();
      return verdict.get();
    }
  }

  private static void await(CountDownLatch latch) throws SQLException {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new SQLException(e);
    }
  }

  private static void awaitSomebodyWaitingForALock() throws InterruptedException {
    boolean waits = false;
    for (int i = 0; i < 500 && !waits; i++) {
      Thread.sleep(1);
      waits =
          DATABASE
              .database()
              .autoCommit(session ->
                  session.one(
                      "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database()"
                          + " AND wait_event_type = 'Lock') AS waits",
                      row -> row.bool("waits")));
    }
    assertTrue(waits, "nobody waits");
  }

  @Test
  void a_kill_committed_while_an_append_waited_is_obeyed_by_it() throws Exception {
    TestAgent agent = here.agent();
    Row row = there.row(Kind.ISSUE, agent).build();

    Verdict verdict =
        appendedWhile(
            row,
            act -> {
              act.record(Note.about("kill", agent.id(), Map.of()));
              return act.session()
                  .update("UPDATE agent SET killed_at = ? WHERE id = ?", act.at(), agent.id());
            });

    assertEquals(new Objected(Objection.KILLED), verdict);
    assertTrue(here.writState(row.id()).isEmpty());
  }

  @Test
  void a_policy_narrowed_while_an_append_waited_is_obeyed_by_it() throws Exception {
    Row row = there.row(Kind.ISSUE, here.agent()).build();

    assertEquals(
        new Stale(), appendedWhile(row, act -> act.recordChange(Note.of("policy", Map.of()))));
    assertTrue(here.writState(row.id()).isEmpty());
  }

  @Test
  void time_is_taken_after_the_lock() throws Exception {
    TestAgent agent = here.agent();
    Row row = there.row(Kind.ISSUE, agent).build();
    List<Instant> end = new ArrayList<>();

    Verdict verdict =
        appendedWhile(
            row,
            act -> {
              Instant later =
                  act.session().one("SELECT clock_timestamp() AS now", now -> now.instant("now"));
              end.add(later);
              return act.session()
                  .update("UPDATE agent SET expires_at = ? WHERE id = ?", later, agent.id());
            });

    assertEquals(new Objected(Objection.EXPIRED), verdict, () -> "ended at " + end);
  }

  @Test
  void an_act_that_throws_leaves_nothing_behind() {
    TestLedger.Contents before = here.contents();

    assertThrows(
        IllegalStateException.class,
        () ->
            here.acts.act(act -> {
              act.recordChange(Note.of("policy", Map.of()));
              throw new IllegalStateException("changed its mind");
            }));

    assertEquals(before, here.contents());
  }

  @Test
  void nothing_is_appended_under_another_isolation() {
    TestLedger.Contents before = here.contents();
    Row row = here.row(Kind.ISSUE, here.agent()).build();
    for (int level :
        List.of(Connection.TRANSACTION_REPEATABLE_READ, Connection.TRANSACTION_SERIALIZABLE)) {
      assertThrows(
          DatabaseFailure.class,
          () ->
              here.database.inTransaction(session -> {
                session.connection().setTransactionIsolation(level);
                return new AppendStatement(session.connection(), here.node, here.seen)
                    .append(List.of(row));
              }));
    }
    assertEquals(before.rows(), here.contents().rows());
  }

  @Test
  void the_ledger_cannot_be_changed() {
    here.assertAppended(here.row(Kind.REFUSE, here.agent()));
    TestLedger.Contents before = here.contents();

    for (String change :
        List.of(
            "UPDATE ledger SET body = ''",
            "DELETE FROM ledger WHERE sequence = 1",
            "TRUNCATE ledger")) {
      DatabaseFailure refused =
          assertThrows(
              DatabaseFailure.class,
              () -> here.database.autoCommit(session -> session.update(change)));
      assertTrue(String.valueOf(refused.getCause()).contains("append-only"));
    }
    assertEquals(before, here.contents());
  }

  @Test
  void the_chain_can_be_recomputed_by_anybody_from_what_the_rows_show() throws Exception {
    TestAgent agent = here.agent();
    Batch.append(here, agent);
    here.acts.act(act -> act.record(Note.of("owner", Map.of("text", "naïve 𝄞"))));
    Batch.append(there, agent);

    byte[] head = Digests.sha256(new byte[0]);
    long sequence = 0;
    for (Shown row : shown()) {
      sequence++;
      byte[] leaf = leaf(row);
      head = Digests.sha256(joined(new byte[] {2}, head, leaf));
      assertEquals(sequence, row.sequence);
      assertArrayEquals(leaf, row.leaf);
      assertArrayEquals(head, row.head);
    }
    assertEquals(here.contents().head(), sequence);
    assertTrue(sequence >= 7);
    byte[] last = head;
    here.database.autoCommit(session ->
        session.one(
            "SELECT hash FROM ledger_head",
            row -> {
              assertArrayEquals(last, row.bytes("hash"));
              return row;
            }));
  }

  /** A batch with a hole in it. */
  private static final class Batch {
    static void append(TestLedger node, TestAgent agent) {
      node.append(
          node.row(Kind.ISSUE, agent).build(),
          node.row(Kind.ISSUE, agent).revision(5).build(),
          node.row(Kind.ISSUE, agent).body("{\"text\":\"ünïcödé 𝄞\\u0000\"}").build(),
          node.row(Kind.REFUSE, agent).build());
    }
  }

  private record Shown(long sequence, Instant at, String body, byte[] leaf, byte[] head) {}

  private static List<Shown> shown() {
    return here.database.autoCommit(session ->
        session.list(
            "SELECT sequence, at, body, leaf, head FROM ledger ORDER BY sequence",
            row ->
                new Shown(
                    row.longInteger("sequence"),
                    row.instant("at"),
                    row.string("body"),
                    row.bytes("leaf"),
                    row.bytes("head"))));
  }

  private static byte[] leaf(Shown row) throws IOException {
    ByteArrayOutputStream entry = new ByteArrayOutputStream();
    DataOutputStream data = new DataOutputStream(entry);
    data.writeByte(0);
    data.writeLong(row.sequence);
    data.writeLong(row.at.getEpochSecond() * 1_000_000 + row.at.getNano() / 1000);
    data.write(row.body.getBytes(StandardCharsets.UTF_8));
    return Digests.sha256(entry.toByteArray());
  }

  private static byte[] joined(byte[]... parts) throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.write(part);
    }
    return all.toByteArray();
  }

  @Test
  void a_thousand_appends_on_two_nodes_let_none_through_after_a_kill() throws Exception {
    List<TestAgent> agents = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      agents.add(here.agent());
    }
    Map<TestAgent, Long> killedBy = new HashMap<>();
    List<Row> rows = new ArrayList<>();
    List<Future<Verdict>> verdicts = new ArrayList<>();
    try (LedgerWriter one = here.writer();
        LedgerWriter two = there.writer();
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 1000; i++) {
        Row row = here.row(Kind.ISSUE, agents.get(i % 50)).build();
        LedgerWriter writer = i % 2 == 0 ? one : two;
        rows.add(row);
        verdicts.add(threads.submit(() -> writer.append(row)));
        if (i % 20 == 10) {
          TestAgent victim = agents.get(i / 20);
          killedBy.put(victim, kill(victim));
        }
      }
      for (Future<Verdict> verdict : verdicts) {
        verdict.get();
      }
    }
    int appended = 0;
    for (int i = 0; i < 1000; i++) {
      long kill = killedBy.getOrDefault(agents.get(i % 50), 0L);
      switch (verdicts.get(i).get()) {
        case Appended(long sequence, Instant _) -> {
          appended++;
          assertTrue(sequence < kill, sequence + " after the kill " + kill);
        }
        case Objected(Objection objection) -> assertEquals(Objection.KILLED, objection);
        case Verdict other -> throw new AssertionError(other);
      }
      assertEquals(
          verdicts.get(i).get() instanceof Appended, here.writState(rows.get(i).id()).isPresent());
    }
    assertTrue(appended > 50 && appended < 1000, "appended " + appended);
  }

  private static long kill(TestAgent agent) {
    return here.acts.act(act -> {
      act.session().update("UPDATE agent SET killed_at = ? WHERE id = ?", act.at(), agent.id());
      return act.record(Note.about("kill", agent.id(), Map.of()));
    });
  }

  @Test
  void an_append_gives_up_its_place_before_its_callers_do() throws Exception {
    Row row = there.row(Kind.ISSUE, here.agent()).build();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor();
        LedgerWriter writer = there.writer()) {
      CountDownLatch locked = new CountDownLatch(1);
      CountDownLatch done = new CountDownLatch(1);
      Future<Object> act =
          threads.submit(() ->
              here.database.inTransaction(
                  Duration.ofSeconds(5),
                  session -> {
                    session.list("SELECT one FROM ledger_head FOR UPDATE", one -> one.bool("one"));
                    locked.countDown();
                    await(done);
                    return locked;
                  }));
      locked.await();
      assertThrows(LedgerUnavailable.class, () -> writer.append(row));
      done.countDown();
      act.get();
    }
    assertTrue(here.writState(row.id()).isEmpty());
    there.assertAppended(there.row(Kind.REFUSE, here.agent()).state(WritState.UNKNOWN));
  }
}
