package dev.writ.broker.ledger;

import dev.writ.broker.store.Database;
import dev.writ.broker.store.DatabaseFailure;
import dev.writ.broker.store.DatabaseUnavailable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one writer of a node. While a batch is at the database the next one gathers, so an idle node
 * answers at once and a busy one pays one commit for up to {@value #BATCH_MAX} rows.
 *
 * <p>A batch that fails as a whole is tried row by row, so that a poisoned row hurts nobody else.
 * When the connection is lost before the answer, the rows are looked up by id, under the head lock,
 * so that nothing of this batch can still be committing.
 */
public final class LedgerWriter implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(LedgerWriter.class);

  /** Rows in one round trip. */
  static final int BATCH_MAX = 200;

  /** Rows that wait. Beyond it the node is overloaded and says so at once. */
  static final int QUEUE_MAX = 4_096;

  /** How long a row waits for its verdict before the answer is "not available". */
  static final Duration WAIT_MAX = Duration.ofMillis(900);

  private final Database database;
  private final UUID node;
  private final SeenHead seen;
  private final BlockingQueue<Pending> queue = new ArrayBlockingQueue<>(QUEUE_MAX);
  private final Thread thread;
  private volatile boolean closed;
  private volatile boolean forgotten;

  private record Pending(Row row, long deadlineNanos, CompletableFuture<Verdict> verdict) {}

  /**
   * @param database gives connections with a socket time-out of about a second, autocommit, READ
   *     COMMITTED
   */
  public LedgerWriter(Database database, UUID node, SeenHead seen) {
    this.database = database;
    this.node = node;
    this.seen = seen;
    this.thread = Thread.ofPlatform().name("ledger-writer").daemon().start(this::run);
  }

  /**
   * Waits for the verdict on the row.
   *
   * @throws LedgerUnavailable if there is none within {@link #WAIT_MAX}; the row may or may not
   *     come to be durable
   */
  public Verdict append(Row row) {
    Pending pending =
        new Pending(row, System.nanoTime() + WAIT_MAX.toNanos(), new CompletableFuture<>());
    if (forgotten) {
      throw new LedgerUnavailable("the database has lost rows that this node saw");
    }
    if (closed || !queue.offer(pending)) {
      throw new LedgerUnavailable(closed ? "shutting down" : "too many rows wait for the database");
    }
    try {
      return pending.verdict.get(WAIT_MAX.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException late) {
      throw new LedgerUnavailable("the database did not answer in time", late);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new LedgerUnavailable("interrupted", interrupted);
    } catch (ExecutionException failed) {
      throw new LedgerUnavailable("the row could not be made durable", failed);
    }
  }

  /**
   * Whether the database lacks rows that this node saw. Nothing is issued then until an operator
   * steps in.
   */
  public boolean forgotten() {
    return forgotten;
  }

  /** Rows that wait now, for the metrics. */
  public int waiting() {
    return queue.size();
  }

  @Override
  public void close() {
    closed = true;
    thread.interrupt();
    try {
      thread.join(TimeUnit.SECONDS.toMillis(3));
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
    seen.save();
  }

  private void run() {
    List<Pending> batch = new ArrayList<>(BATCH_MAX);
    while (!closed || !queue.isEmpty()) {
      try {
        batch.clear();
        batch.add(queue.take());
        queue.drainTo(batch, BATCH_MAX - 1);
        batch.removeIf(LedgerWriter::late);
        if (!batch.isEmpty()) {
          write(batch);
        }
      } catch (InterruptedException stop) {
        // close() wakes us; what is queued is still written.
      } catch (RuntimeException | Error broken) {
        log.error("The ledger writer met something it does not know", broken);
        fail(batch, broken);
      }
    }
  }

  private static boolean late(Pending pending) {
    return System.nanoTime() - pending.deadlineNanos > 0;
  }

  private void write(List<Pending> batch) {
    List<Row> rows = batch.stream().map(Pending::row).toList();
    try {
      answer(
          batch,
          database.autoCommit(
              session -> new AppendStatement(session.connection(), node, seen).append(rows)));
    } catch (DatabaseUnavailable unavailable) {
      if (unavailable.mayHaveCommitted()) {
        lookUp(batch, unavailable);
      } else {
        fail(batch, unavailable);
      }
    } catch (DatabaseFailure failed) {
      refused(batch, failed);
    }
  }

  private void refused(List<Pending> batch, DatabaseFailure failed) {
    if (Forgotten.is(failed)) {
      forgotten = true;
      log.error(
          "Nothing is issued any more: the database has lost rows that this node saw", failed);
      fail(batch, failed);
    } else if (batch.size() == 1) {
      log.error("The database rejected a ledger row", failed);
      fail(batch, failed);
    } else {
      log.warn(
          "A batch of {} ledger rows failed ({}); trying row by row",
          batch.size(),
          failed.sqlState());
      batch.forEach(one -> write(List.of(one)));
    }
  }

  /**
   * The answer to a batch was lost: ask which of its rows are there. The head lock waits out a
   * commit under way.
   */
  private void lookUp(List<Pending> batch, DatabaseUnavailable lost) {
    UUID[] ids = batch.stream().map(pending -> pending.row().id()).toArray(UUID[]::new);
    Map<UUID, Verdict> found = new HashMap<>();
    try {
      database.inTransaction(session -> {
        session.list("SELECT one FROM ledger_head FOR UPDATE", row -> row.bool("one"));
        return session.list(
            "SELECT id, sequence, at, head FROM ledger WHERE id = ANY (?)",
            row -> {
              long sequence = row.longInteger("sequence");
              seen.advance(sequence, row.bytes("head"));
              return found.put(row.uuid("id"), new Verdict.Appended(sequence, row.instant("at")));
            },
            (Object) ids);
      });
    } catch (DatabaseUnavailable | DatabaseFailure stillGone) {
      fail(batch, stillGone);
      return;
    }
    for (Pending pending : batch) {
      Verdict verdict = found.get(pending.row().id());
      if (verdict == null) {
        pending.verdict.completeExceptionally(lost);
      } else {
        pending.verdict.complete(verdict);
      }
    }
  }

  private static void answer(List<Pending> batch, List<Verdict> verdicts) {
    for (int i = 0; i < batch.size(); i++) {
      batch.get(i).verdict.complete(verdicts.get(i));
    }
  }

  private static void fail(List<Pending> batch, Throwable cause) {
    batch.forEach(pending -> pending.verdict.completeExceptionally(cause));
  }
}
