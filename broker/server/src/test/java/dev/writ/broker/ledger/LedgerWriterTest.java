package dev.writ.broker.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.writ.broker.ledger.Row.Kind;
import dev.writ.broker.ledger.Verdict.Appended;
import dev.writ.broker.store.DatabaseSettings;
import dev.writ.broker.store.DatabaseSettings.HostPort;
import dev.writ.broker.store.TestDatabase;
import dev.writ.fixtures.fault.TcpProxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** How rows gather and what becomes of those who wait. */
@Timeout(30)
class LedgerWriterTest {
  @RegisterExtension static final TestDatabase DATABASE = TestDatabase.migrated();

  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private TcpProxy proxy = TcpProxy.to("127.0.0.1", 1);
  private TestLedger ledger = TestLedger.on(DATABASE);
  private TestLedger behindProxy = ledger;

  @BeforeEach
  void open() {
    proxy.close();
    DatabaseSettings direct = DATABASE.settings();
    HostPort server = direct.hosts().getFirst();
    proxy = TcpProxy.to(server.host(), server.port());
    behindProxy = TestLedger.on(through(proxy, direct));
    behindProxy.now(); // a connection is there before the proxy delays
  }

  @AfterEach
  void close() {
    proxy.resume();
    threads.shutdownNow();
    behindProxy.close();
    ledger.close();
    proxy.close();
  }

  static DatabaseSettings through(TcpProxy proxy, DatabaseSettings direct) {
    return new DatabaseSettings(
        List.of(new HostPort("127.0.0.1", proxy.port())),
        direct.database(),
        direct.user(),
        direct.password(),
        direct.parameters());
  }

  private List<Future<Verdict>> appendAll(LedgerWriter writer, List<Row> rows) {
    return rows.stream().map(row -> threads.submit(() -> writer.append(row))).toList();
  }

  private List<Row> rows(int count) {
    TestAgent agent = ledger.agent();
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      rows.add(ledger.row(Kind.ISSUE, agent).build());
    }
    return rows;
  }

  @Test
  void a_batch_costs_one_round_trip() {
    List<Row> rows = rows(10);
    Duration eachWay = Duration.ofMillis(60);
    try (LedgerWriter writer = behindProxy.writer()) {
      proxy.delay(eachWay);
      for (int i = 0; i < 10; i++) {
        long began = System.nanoTime();
        assertInstanceOf(Appended.class, writer.append(rows.get(i)));
        Duration took = Duration.ofNanos(System.nanoTime() - began);
        assertTrue(took.compareTo(eachWay.multipliedBy(2)) >= 0, () -> "took " + took);
        assertTrue(took.compareTo(eachWay.multipliedBy(4)) < 0, () -> "took " + took);
      }
    }
  }

  @Test
  void rows_that_come_together_share_a_commit() throws Exception {
    List<Row> rows = rows(300);
    List<java.time.Instant> commits = new ArrayList<>();
    try (LedgerWriter writer = behindProxy.writer()) {
      proxy.delay(Duration.ofMillis(50));
      for (Future<Verdict> verdict : appendAll(writer, rows)) {
        commits.add(assertInstanceOf(Appended.class, verdict.get()).at());
      }
    }
    long batches = commits.stream().distinct().count();
    assertTrue(batches >= 2 && batches <= 5, () -> batches + " commits for 300 rows");
  }

  @Test
  void a_poisoned_row_hurts_nobody_else() throws Exception {
    List<Row> rows = rows(120);
    TestAgent agent = ledger.agent();
    rows.set(40, ledger.row(Kind.ISSUE, agent).poisoned().build());
    rows.set(90, rows.get(91));
    try (LedgerWriter writer = behindProxy.writer()) {
      proxy.delay(Duration.ofMillis(5));
      long began = System.nanoTime();
      List<Future<Verdict>> verdicts = appendAll(writer, rows);
      int failed = 0;
      for (int i = 0; i < rows.size(); i++) {
        failed += succeeded(verdicts.get(i)) ? 0 : 1;
      }
      assertTrue(System.nanoTime() - began < 1_000_000_000L);
      assertEquals(2, failed);
      assertThrows(ExecutionException.class, verdicts.get(40)::get);
    }
    assertTrue(ledger.writState(rows.get(40).id()).isEmpty());
    assertTrue(ledger.writState(rows.get(91).id()).isPresent());
  }

  private static boolean succeeded(Future<Verdict> verdict) throws InterruptedException {
    try {
      return verdict.get() instanceof Appended;
    } catch (ExecutionException e) {
      assertInstanceOf(LedgerUnavailable.class, e.getCause());
      return false;
    }
  }

  @Test
  void a_full_queue_refuses_at_once() throws Exception {
    List<Row> rows = rows(1);
    TestAgent agent = ledger.agent();
    Row refusal = ledger.row(Kind.REFUSE, agent).build();
    try (LedgerWriter writer = behindProxy.writer()) {
      writer.append(refusal);
      proxy.blackHole();
      for (int i = 0; i < LedgerWriter.QUEUE_MAX + LedgerWriter.BATCH_MAX; i++) {
        Row row =
            new Row(
                Kind.REFUSE,
                Uuids.next(),
                agent.id(),
                null,
                refusal.body(),
                Row.Basis.NONE,
                null,
                null);
        threads.submit(() -> writer.append(row));
      }
      while (writer.waiting() < LedgerWriter.QUEUE_MAX) {
        Thread.sleep(1);
      }
      long began = System.nanoTime();
      LedgerUnavailable full =
          assertThrows(LedgerUnavailable.class, () -> writer.append(rows.getFirst()));
      assertTrue(System.nanoTime() - began < 200_000_000L);
      assertTrue(String.valueOf(full.getMessage()).contains("too many"), full.getMessage());
      proxy.resume();
    }
    assertTrue(ledger.writState(rows.getFirst().id()).isEmpty());
  }

  @Test
  void a_row_whose_caller_gave_up_in_the_queue_is_not_written() throws Exception {
    List<Row> rows = rows(2);
    try (LedgerWriter writer = behindProxy.writer()) {
      writer.append(ledger.row(Kind.REFUSE, ledger.agent()).build());
      proxy.delay(Duration.ofMillis(150));
      Future<Verdict> first = threads.submit(() -> writer.append(rows.get(0)));
      Thread.sleep(50);
      Thread second =
          Thread.ofVirtual()
              .start(() -> assertThrows(LedgerUnavailable.class, () -> writer.append(rows.get(1))));
      while (writer.waiting() == 0) {
        Thread.sleep(1);
      }
      second.interrupt();
      second.join();
      assertInstanceOf(Appended.class, first.get());
    }
    assertTrue(ledger.writState(rows.get(0).id()).isPresent());
    assertTrue(ledger.writState(rows.get(1).id()).isEmpty());
  }

  @Test
  void closing_writes_what_waits_and_takes_nothing_more() throws Exception {
    List<Row> rows = rows(250);
    LedgerWriter writer = behindProxy.writer();
    proxy.delay(Duration.ofMillis(40));
    List<Future<Verdict>> verdicts = appendAll(writer, rows);
    while (writer.waiting() == 0) {
      Thread.sleep(1);
    }
    Thread.sleep(20);

    writer.close();

    for (int i = 0; i < rows.size(); i++) {
      assertTrue(verdicts.get(i).isDone() || succeeded(verdicts.get(i)));
      assertEquals(succeeded(verdicts.get(i)), ledger.writState(rows.get(i).id()).isPresent());
    }
    Row late = rows(1).getFirst();
    LedgerUnavailable refused = assertThrows(LedgerUnavailable.class, () -> writer.append(late));
    assertEquals("shutting down", refused.getMessage());
  }

  @Test
  void closing_ends_soon_while_the_database_hangs() {
    List<Row> rows = rows(20);
    LedgerWriter writer = behindProxy.writer();
    proxy.blackHole();
    List<Future<Verdict>> verdicts = appendAll(writer, rows);
    long began = System.nanoTime();

    writer.close();

    assertTrue(System.nanoTime() - began < 3_000_000_000L);
    verdicts.forEach(verdict -> assertThrows(ExecutionException.class, verdict::get));
  }
}
