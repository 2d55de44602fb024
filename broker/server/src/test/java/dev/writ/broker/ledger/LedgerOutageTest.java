package dev.writ.broker.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.writ.broker.keys.Digests;
import dev.writ.broker.ledger.Acts.Note;
import dev.writ.broker.ledger.Row.Kind;
import dev.writ.broker.ledger.Verdict.Appended;
import dev.writ.broker.store.DatabaseSettings.HostPort;
import dev.writ.broker.store.EmbeddedPostgres;
import dev.writ.broker.store.TestDatabase;
import dev.writ.fixtures.fault.Cut;
import dev.writ.fixtures.fault.TcpProxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Nothing is permitted that is not known to be durable. */
@Timeout(60)
@Tag("alone")
class LedgerOutageTest {
  @RegisterExtension static final TestDatabase DATABASE = TestDatabase.migrated();

  private static final Duration LIMIT = Duration.ofMillis(1_000);

  private TcpProxy proxy = TcpProxy.to("127.0.0.1", 1);
  private TestLedger ledger = TestLedger.on(DATABASE);
  private TestLedger behindProxy = ledger;
  private LedgerWriter writer = ledger.writer();

  @BeforeEach
  void open() {
    proxy.close();
    writer.close();
    HostPort server = DATABASE.settings().hosts().getFirst();
    proxy = TcpProxy.to(server.host(), server.port());
    behindProxy = TestLedger.on(LedgerWriterTest.through(proxy, DATABASE.settings()));
    writer = behindProxy.writer();
  }

  @AfterEach
  void close() {
    proxy.resume();
    writer.close();
    behindProxy.close();
    ledger.close();
    proxy.close();
  }

  private Row row() {
    return ledger.row(Kind.ISSUE, ledger.agent()).build();
  }

  private void assertUnavailableInTime(Row row) {
    long began = System.nanoTime();
    assertThrows(LedgerUnavailable.class, () -> writer.append(row));
    Duration took = Duration.ofNanos(System.nanoTime() - began);
    assertTrue(took.compareTo(LIMIT) < 0, () -> "took " + took);
  }

  private Appended appended(Row row) {
    return assertInstanceOf(Appended.class, writer.append(row));
  }

  @Test
  void a_commit_whose_answer_was_lost_is_found_by_its_id() {
    appended(row());
    Row row = row();
    proxy.cutWhen(Cut.answerTo(row.id().toString()));

    Appended found = appended(row);

    assertEquals(1, proxy.cuts());
    assertEquals(ledger.contents().head(), found.sequence());
    assertEquals(found.sequence(), behindProxy.seen.get().sequence());
    assertEquals("live", ledger.writState(row.id()).orElseThrow());
  }

  @Test
  void a_row_that_never_reached_the_database_is_not_available() {
    appended(row());
    Row row = row();
    TestLedger.Contents before = ledger.contents();
    proxy.cutWhen(Cut.beforeClientSays(row.id().toString()));

    assertUnavailableInTime(row);

    assertEquals(before, ledger.contents());
    appended(row());
  }

  @Test
  void a_database_that_hangs_is_not_available_within_a_second_and_recovers() throws Exception {
    appended(row());
    TestLedger.Contents before = ledger.contents();
    Row hanging = row();
    Row waiting = row();
    proxy.blackHole();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<?> first = threads.submit(() -> assertUnavailableInTime(hanging));
      Thread.sleep(300);
      assertUnavailableInTime(waiting);
      first.get();
    }
    proxy.cutAll();
    proxy.resume();

    assertEquals(before, ledger.contents());
    awaitAvailable();
  }

  private void awaitAvailable() throws InterruptedException {
    long end = System.nanoTime() + Duration.ofSeconds(10).toNanos();
    while (true) {
      try {
        appended(row());
        return;
      } catch (LedgerUnavailable still) {
        assertTrue(System.nanoTime() < end, "does not recover");
        Thread.sleep(50);
      }
    }
  }

  @Test
  void a_database_that_is_down_is_not_available_within_a_second_and_recovers() throws Exception {
    appended(row());
    Row row = row();
    proxy.refuse();
    for (int i = 0; i < 3; i++) {
      assertUnavailableInTime(row);
    }
    proxy.resume();

    assertTrue(ledger.writState(row.id()).isEmpty());
    awaitAvailable();
  }

  @Test
  void a_database_that_forgot_rows_is_issued_on_no_more() {
    Appended last = appended(row());
    behindProxy.seen.advance(last.sequence() + 1, Digests.sha256(new byte[] {1}));
    TestLedger.Contents before = ledger.contents();

    assertUnavailableInTime(row());
    assertTrue(writer.forgotten());
    assertUnavailableInTime(row());
    assertThrows(
        LedgerUnavailable.class,
        () -> behindProxy.acts.act(act -> act.record(Note.of("owner", Map.of()))));
    assertEquals(before, ledger.contents());
  }

  @Test
  void a_database_that_forgot_is_known_even_after_others_wrote_on() {
    long head = appended(row()).sequence();
    behindProxy.seen.advance(head + 1, Digests.sha256(new byte[] {1}));
    ledger.append(row(), row(), row());

    assertUnavailableInTime(row());
    assertTrue(writer.forgotten());
  }

  @Test
  void a_node_that_only_lags_behind_is_not_stopped() {
    appended(row());
    ledger.append(row(), row(), row());

    appended(row());
    assertFalse(writer.forgotten());
  }

  @Test
  void a_commit_that_stopped_waiting_for_its_standby_is_no_permission(@TempDir Path data)
      throws Exception {
    try (EmbeddedPostgres postgres = EmbeddedPostgres.start(data);
        TestLedger lonely = TestLedger.on(postgres.settings());
        LedgerWriter lonelyWriter = lonely.writer()) {
      Row row = lonely.row(Kind.ISSUE, lonely.agent()).build();
      Row next = lonely.row(Kind.ISSUE, lonely.agent()).build();
      waitForStandby(postgres, data, "nobody");
      Future<Verdict> verdict;
      try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
        verdict = threads.submit(() -> lonelyWriter.append(row));
        cancelWaitForStandby(lonely);
      }
      assertInstanceOf(LedgerUnavailable.class, verdict.exceptionNow());
      assertThrows(LedgerUnavailable.class, () -> lonelyWriter.append(next));
      waitForStandby(postgres, data, "");
      assertEquals("live", lonely.writState(row.id()).orElseThrow());
    }
  }

  private static void waitForStandby(EmbeddedPostgres postgres, Path data, String name)
      throws Exception {
    Files.writeString(
        data.resolve("db/cluster/postgresql.auto.conf"),
        "synchronous_standby_names = '" + name + "'\n");
    Process reload = new ProcessBuilder("kill", "-HUP", Long.toString(postgres.pid())).start();
    assertEquals(0, reload.waitFor());
    Thread.sleep(200);
  }

  private static void cancelWaitForStandby(TestLedger node) throws InterruptedException {
    int cancelled = 0;
    for (int i = 0; i < 500 && cancelled == 0; i++) {
      Thread.sleep(1);
      cancelled =
          node.database.autoCommit(session ->
              session
                  .list(
                      "SELECT pg_cancel_backend(pid) AS done FROM pg_stat_activity WHERE wait_event = 'SyncRep'",
                      row -> row.bool("done"))
                  .size());
    }
    assertEquals(1, cancelled);
  }
}
