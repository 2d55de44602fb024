package dev.writ.broker.ledger;

import dev.writ.broker.metrics.AppendFailure;
import dev.writ.broker.metrics.Metrics;
import dev.writ.broker.store.Database;
import dev.writ.broker.store.DatabaseFailure;
import dev.writ.broker.store.DatabaseUnavailable;
import dev.writ.broker.store.Session;
import dev.writ.broker.trace.Trace;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one writer of a node. While a batch is at the database the next one gathers, so an idle node
 * answers at once and a busy one pays one commit for up to {@value #BATCH_MAX} rows.
 *
 * <p>A batch that fails as a whole is tried again in halves, down to the single row, so that a
 * poisoned row hurts nobody else and a full batch costs a few round trips more, not two hundred.
 * When the connection is lost before the answer, the rows are looked up by id.
 */
public final class LedgerWriter implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(LedgerWriter.class);

  /** Rows in one round trip. */
  static final int BATCH_MAX = 200;

  /** Bytes of bodies in one round trip, beyond which no further row joins it. */
  static final int BATCH_BYTES_MAX = 2 * 1024 * 1024;

  /** Rows that wait. Beyond it the node is overloaded and says so at once. */
  static final int QUEUE_MAX = 4_096;

  /** How long a row waits for its verdict before the answer is "not available". */
  static final Duration WAIT_MAX = Duration.ofMillis(900);

  /** How soon an idle writer notices that it was closed. */
  private static final Duration IDLE = Duration.ofMillis(100);

  private final Database database;
  private final UUID node;
  private final SeenHead seen;
  private final Metrics metrics;
  private final BlockingQueue<Pending> queue = new ArrayBlockingQueue<>(QUEUE_MAX);
  private final Thread thread;
  private volatile boolean closed;
  private volatile boolean stopped;

  /** A row and whoever waits for its verdict. Done before it was written: they gave up. */
  private record Pending(Row row, long deadlineNanos, CompletableFuture<Verdict> verdict) {
    long nanosLeft() {
      return deadlineNanos - System.nanoTime();
    }

    boolean givenUp() {
      return verdict.isDone() || nanosLeft() <= 0;
    }
  }

  /**
   * @param database gives connections at READ COMMITTED
   * @param node as in {@link NodeLease}
   */
  public LedgerWriter(Database database, UUID node, SeenHead seen, Metrics metrics) {
    this.database = database;
    this.node = node;
    this.seen = seen;
    this.metrics = metrics;
    this.thread = Thread.ofPlatform().name("ledger-writer").daemon().start(this::run);
  }

  /**
   * Waits for the verdict on the row.
   *
   * @throws LedgerUnavailable if there is none within {@link #WAIT_MAX}; the row may or may not
   *     come to be durable
   */
  public Verdict append(Row row) {
    long began = System.nanoTime();
    try (var _ = Trace.step("append")) {
      Verdict verdict = verdict(row, began);
      metrics.judged(System.nanoTime() - began);
      if (verdict instanceof Verdict.Appended) {
        metrics.recorded(row.kind().word);
      }
      return verdict;
    }
  }

  private Verdict verdict(Row row, long began) {
    if (seen.lost()) {
      throw unjudged(AppendFailure.LOST, new LedgerUnavailable(Forgotten.TEXT));
    }
    Pending pending = new Pending(row, began + WAIT_MAX.toNanos(), new CompletableFuture<>());
    if (closed) {
      throw unjudged(AppendFailure.STOPPING, new LedgerUnavailable("shutting down"));
    }
    if (!queue.offer(pending)) {
      throw unjudged(
          AppendFailure.QUEUE_FULL, new LedgerUnavailable("too many rows wait for the database"));
    }
    if (stopped) {
      failWaiting();
    }
    return await(pending);
  }

  private Verdict await(Pending pending) {
    try {
      return pending.verdict.get(WAIT_MAX.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException late) {
      return orGiveUp(pending, new LedgerUnavailable("the database did not answer in time", late));
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return orGiveUp(pending, new LedgerUnavailable("interrupted", interrupted));
    } catch (ExecutionException failed) {
      throw unjudged(
          AppendFailure.DATABASE,
          unavailable(failed.getCause() == null ? failed : failed.getCause()));
    }
  }

  /** A row that is still in the queue is not written any more. */
  private Verdict orGiveUp(Pending pending, LedgerUnavailable why) {
    if (pending.verdict.completeExceptionally(why)) {
      throw unjudged(AppendFailure.TIMEOUT, why);
    }
    try {
      return pending.verdict.join();
    } catch (CompletionException failed) {
      throw unjudged(
          AppendFailure.DATABASE,
          unavailable(failed.getCause() == null ? failed : failed.getCause()));
    }
  }

  private LedgerUnavailable unjudged(AppendFailure reason, LedgerUnavailable why) {
    metrics.unjudged(reason);
    return why;
  }

  private static LedgerUnavailable unavailable(Throwable cause) {
    return new LedgerUnavailable("the row could not be made durable: " + cause.getMessage(), cause);
  }

  /**
   * Whether the database lacks rows that this node saw. Nothing is issued then until an operator
   * steps in.
   */
  public boolean forgotten() {
    return seen.lost();
  }

  /** Rows that wait now, for the metrics. */
  public int waiting() {
    return queue.size();
  }

  /** Writes what waits, takes nothing more, and returns within about two seconds. */
  @Override
  public void close() {
    closed = true;
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
        gather(batch);
        write(batch);
      } catch (InterruptedException nobodyDoes) {
        log.warn("The ledger writer was interrupted and goes on");
      } catch (RuntimeException | Error broken) {
        log.error("The ledger writer met something it does not know", broken);
        fail(batch, broken);
      }
    }
    stopped = true;
    failWaiting();
  }

  /** Waits for a row and takes those that are there, in their order. */
  private void gather(List<Pending> batch) throws InterruptedException {
    batch.clear();
    Pending next = queue.poll(IDLE.toMillis(), TimeUnit.MILLISECONDS);
    long bytes = 0;
    while (next != null) {
      batch.add(next);
      bytes += next.row.body().length;
      next = batch.size() < BATCH_MAX && bytes < BATCH_BYTES_MAX ? queue.poll() : null;
    }
  }

  private void failWaiting() {
    List<Pending> left = new ArrayList<>();
    queue.drainTo(left);
    fail(left, new LedgerUnavailable("shutting down"));
  }

  private void write(List<Pending> gathered) {
    List<Pending> batch = gathered.stream().filter(pending -> !pending.givenUp()).toList();
    if (batch.isEmpty()) {
      return;
    }
    List<Row> rows = batch.stream().map(Pending::row).toList();
    metrics.batch(rows.size());
    try {
      answer(
          batch,
          database.autoCommit(
              patience(batch),
              session -> new AppendStatement(session.connection(), node, seen).append(rows)));
    } catch (DatabaseUnavailable unavailable) {
      if (unavailable.mayHaveCommitted()) {
        lookUp(batch, unavailable);
      } else {
        fail(batch, unavailable);
      }
    } catch (DatabaseFailure failed) {
      if (Forgotten.is(failed, seen)) {
        log.error("Nothing is issued any more: {}", Forgotten.TEXT, failed);
        fail(batch, failed);
      } else {
        split(batch, failed);
      }
    } catch (RuntimeException unwritable) {
      split(batch, unwritable);
    }
  }

  /** As long as the youngest row still waits: after that the answer is of use to nobody. */
  private static Duration patience(List<Pending> batch) {
    return Duration.ofNanos(Math.max(batch.getLast().nanosLeft(), 1));
  }

  private void split(List<Pending> batch, RuntimeException failed) {
    if (batch.size() == 1) {
      log.error("The database rejected the ledger row {}", batch.getFirst().row, failed);
      fail(batch, failed);
      return;
    }
    log.warn("A batch of {} ledger rows failed and is halved: {}", batch.size(), failed.toString());
    write(batch.subList(0, batch.size() / 2));
    write(batch.subList(batch.size() / 2, batch.size()));
  }

  /**
   * The answer to a batch was lost: ask which of its rows are there. The head lock waits out a
   * commit under way, and the look-up's own commit, which comes after theirs, a standby that lags.
   *
   * <p>A row that is not found may still come: its statement can lie in the network, or wait for
   * the lock behind this look-up. Nothing leaves for it; an intent is settled by {@link Orphans}.
   */
  private void lookUp(List<Pending> batch, DatabaseUnavailable lost) {
    if (batch.stream().allMatch(Pending::givenUp)) {
      fail(batch, lost);
      return;
    }
    Map<UUID, Found> found;
    try {
      found = database.inTransaction(patience(batch), session -> find(session, batch));
    } catch (DatabaseUnavailable | DatabaseFailure stillGone) {
      fail(batch, stillGone);
      return;
    }
    for (Pending pending : batch) {
      Found row = found.get(pending.row.id());
      if (row == null) {
        pending.verdict.completeExceptionally(lost);
      } else {
        seen.advance(row.appended.sequence(), row.head);
        pending.verdict.complete(row.appended);
      }
    }
  }

  private record Found(Verdict.Appended appended, byte[] head) {}

  private Map<UUID, Found> find(Session session, List<Pending> batch) throws SQLException {
    SeenHead.Head head = seen.get();
    session.one(
        "SELECT sequence FROM ledger_lock(?, ?)",
        row -> row.longInteger("sequence"),
        head.sequence(),
        head.hash());
    UUID[] ids = batch.stream().map(pending -> pending.row.id()).toArray(UUID[]::new);
    Map<UUID, Found> found = new HashMap<>();
    session.list(
        "SELECT id, sequence, at, head FROM ledger WHERE id = ANY (?)",
        row ->
            found.put(
                row.uuid("id"),
                new Found(
                    new Verdict.Appended(row.longInteger("sequence"), row.instant("at")),
                    row.bytes("head"))),
        (Object) ids);
    return found;
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
