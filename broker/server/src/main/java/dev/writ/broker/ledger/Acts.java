package dev.writ.broker.ledger;

import dev.writ.broker.metrics.Metrics;
import dev.writ.broker.store.Database;
import dev.writ.broker.store.DatabaseFailure;
import dev.writ.broker.store.Session;
import dev.writ.document.Json;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Administrative acts: launch, enrol, kill, and every change to policies, owners and keys. Each is
 * one transaction that holds the head lock from its first statement to its commit, so that it
 * stands in one order with every exchange.
 */
public final class Acts {
  /** A node that stops in the middle of an act must not keep the lock from all others for long. */
  private static final String LOCK =
      "SELECT authority, at, set_config('idle_in_transaction_session_timeout', '2s', true)"
          + " FROM ledger_lock(?, ?)";

  /**
   * Acts of a node at the database at once. One has the lock, one comes next; more would only keep
   * connections from others, and run into the lock's time limit there.
   */
  private static final int AT_ONCE_MAX = 2;

  private static final Duration WAIT_MAX = Duration.ofSeconds(1);

  private final Database database;
  private final SeenHead seen;
  private final Metrics metrics;
  private final Semaphore atOnce = new Semaphore(AT_ONCE_MAX, true);

  public Acts(Database database, SeenHead seen, Metrics metrics) {
    this.database = database;
    this.seen = seen;
    this.metrics = metrics;
  }

  /** What is done under the lock. Whatever it throws rolls everything back. */
  @FunctionalInterface
  public interface Work<T> {
    T run(Act act) throws SQLException;
  }

  /**
   * Runs the work under the head lock and commits.
   *
   * @throws dev.writ.broker.store.DatabaseUnavailable if the database does not answer; after a lost
   *     commit the act may have happened
   * @throws LedgerUnavailable if the database has lost rows that this node saw, or too many acts
   *     wait on this node
   */
  public <T> T act(Work<T> work) {
    if (seen.lost()) {
      throw new LedgerUnavailable(Forgotten.TEXT);
    }
    takeTurn();
    try {
      return underLock(work);
    } finally {
      atOnce.release();
    }
  }

  private void takeTurn() {
    try {
      if (!atOnce.tryAcquire(WAIT_MAX.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new LedgerUnavailable("too many acts wait for the ledger on this node");
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new LedgerUnavailable("interrupted while waiting for the ledger", interrupted);
    }
  }

  private <T> T underLock(Work<T> work) {
    Act act = new Act();
    try {
      T result =
          database.inTransaction(session -> {
            act.lock(session, seen.get());
            return work.run(act);
          });
      if (act.sequence > 0) {
        seen.advance(act.sequence, act.hash);
      }
      act.kinds.forEach(metrics::recorded);
      return result;
    } catch (DatabaseFailure failed) {
      throw Forgotten.sorted(failed, seen);
    }
  }

  /**
   * Asks whether the database still has what this node saw, as a node does when it starts.
   *
   * @throws LedgerUnavailable if it has not; the message says what to do
   */
  public void verify() {
    try {
      act(act -> act);
    } catch (LedgerUnavailable unavailable) {
      throw seen.lost() ? new LedgerUnavailable(seen.loss(), unavailable) : unavailable;
    }
  }

  /**
   * Looks, without the lock, whether the database has what this node saw, and remembers what others
   * recorded since; about once a second, so that a node that records nothing notices a loss, too.
   */
  void look() {
    SeenHead.Head head = seen.get();
    database.autoCommit(session ->
        session.one(
            "SELECT h.sequence, h.hash, (SELECT l.head FROM ledger l WHERE l.sequence = ?) AS known"
                + " FROM ledger_head h",
            row -> {
              Optional<byte[]> known = row.findBytes("known");
              if (head.sequence() > 0
                  && !known.filter(hash -> Arrays.equals(hash, head.hash())).isPresent()) {
                seen.markLost();
              } else {
                seen.advance(row.longInteger("sequence"), row.bytes("hash"));
              }
              return head;
            },
            head.sequence()));
  }

  /**
   * What a row of an act says.
   *
   * @param kind one word: launch, enrol, kill, policy, owner, key …
   * @param body becomes a JSON object, members in the order of the map
   */
  public record Note(String kind, Optional<UUID> agent, Optional<UUID> writ, Map<String, ?> body) {

    /** About an agent. */
    public static Note about(String kind, UUID agent, Map<String, ?> body) {
      return new Note(kind, Optional.of(agent), Optional.empty(), body);
    }

    /** About no agent. */
    public static Note of(String kind, Map<String, ?> body) {
      return new Note(kind, Optional.empty(), Optional.empty(), body);
    }
  }

  /** One act under way. */
  public static final class Act {
    private Session session;
    private long authority;
    private Instant at = Instant.EPOCH;
    private long sequence;
    private byte[] hash = new byte[0];
    private final List<String> kinds = new ArrayList<>(1);

    @SuppressWarnings("NullAway.Init") // lock() comes before the work sees it
    private Act() {}

    public Session session() {
      return session;
    }

    /** Ledger sequence of the last change to policies, owners or keys. */
    public long authority() {
      return authority;
    }

    /** The database's clock, taken under the lock. */
    public Instant at() {
      return at;
    }

    /**
     * Uses up the DPoP proof that the act was asked for with. Rolled back with the act, it may be
     * used again.
     *
     * @return whether this is its first use
     */
    public boolean useProof(Row.Proof proof) throws SQLException {
      return ProofSlots.use(session, proof);
    }

    /** Appends a row that says what was done. */
    public long record(Note note) throws SQLException {
      return record(note, false);
    }

    /**
     * Appends a row after which every node judges by a fresh snapshot. What the act changes carries
     * this sequence.
     *
     * @return the row's sequence
     */
    public long recordChange(Note note) throws SQLException {
      return record(note, true);
    }

    private void lock(Session locked, SeenHead.Head head) throws SQLException {
      session = locked;
      locked.one(
          LOCK,
          row -> {
            authority = row.longInteger("authority");
            at = row.instant("at");
            return this;
          },
          head.sequence(),
          head.hash());
    }

    private long record(Note note, boolean changesAuthority) throws SQLException {
      kinds.add(note.kind());
      return session.one(
          "SELECT sequence, hash FROM ledger_add(?, ?, ?::uuid, ?::uuid, ?, ?)",
          row -> {
            sequence = row.longInteger("sequence");
            hash = row.bytes("hash");
            return sequence;
          },
          note.kind(),
          Uuids.next(),
          note.agent(),
          note.writ(),
          Json.write(note.body()),
          changesAuthority);
    }
  }
}
