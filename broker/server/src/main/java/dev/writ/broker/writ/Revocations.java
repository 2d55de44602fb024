package dev.writ.broker.writ;

import dev.writ.broker.exchange.Ending;
import dev.writ.broker.exchange.Minter;
import dev.writ.broker.exchange.SealContext;
import dev.writ.broker.keys.KeyException;
import dev.writ.broker.keys.Sealer;
import dev.writ.broker.ledger.Acts;
import dev.writ.broker.ledger.Acts.Act;
import dev.writ.broker.ledger.Acts.Note;
import dev.writ.broker.store.Database;
import dev.writ.broker.store.Row;
import dev.writ.broker.store.Session;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends held credentials at their targets: when their writ ends, when somebody ends it before, when
 * their agent is killed. What a target does not answer is tried again until it does or the
 * credential dies of itself, by whichever node comes first and over restarts: what is to be done
 * stands in the table {@code held}.
 */
public final class Revocations implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Revocations.class);

  /** How long who asked for an end waits for the targets' answers. */
  static final Duration WAIT_MAX = Duration.ofSeconds(5);

  /** A claim keeps other nodes away for longer than a target may take. */
  private static final String CLAIM =
      "UPDATE held SET due = clock_timestamp() + interval '20 seconds', tries = tries + 1 WHERE writ IN"
          + " (SELECT writ FROM held WHERE %s AND dies_at > clock_timestamp() ORDER BY due LIMIT ? FOR UPDATE SKIP LOCKED)"
          + " RETURNING writ, agent, minter, sealed, dies_at, tries";

  private static final String DUE = CLAIM.formatted("due <= clock_timestamp() AND due < dies_at");
  private static final String OF_WRITS = CLAIM.formatted("writ = ANY (?)");
  private static final String OF_AGENTS = CLAIM.formatted("agent = ANY (?)");

  private static final int AT_ONCE_MAX = 32;
  private static final int TURN_MAX = 200;

  private final Database database;
  private final Acts acts;
  private final Sealer envelope;
  private final Map<String, Minter> minters;
  private final Semaphore atOnce = new Semaphore(AT_ONCE_MAX);
  private final ExecutorService threads =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("revocation-", 0).factory());

  public Revocations(Database database, Acts acts, Sealer envelope, List<Minter> minters) {
    this.database = database;
    this.acts = acts;
    this.envelope = envelope;
    this.minters = minters.stream().collect(Collectors.toMap(Minter::name, minter -> minter));
  }

  private record Claimed(
      UUID writ, UUID agent, String minter, byte[] sealed, Instant diesAt, int tries) {}

  private record Ended(Claimed claimed, Ending ending) {}

  /** Asks for all that is due, and forgets what has died. Called again and again by the upkeep. */
  public void turn() {
    List<Claimed> due = claim(DUE, TURN_MAX);
    if (!due.isEmpty()) {
      end(due);
    }
    database.autoCommit(
        session -> session.update("DELETE FROM held WHERE dies_at <= clock_timestamp()"));
  }

  /**
   * Ends what is held of these writs, which have ended on record.
   *
   * @return what the targets said within {@link #WAIT_MAX}, for those that were held
   */
  public Map<UUID, Ending> endWrits(List<UUID> writs) {
    return end(claim(OF_WRITS, writs.toArray(UUID[]::new), WritResults.RESULTS_MAX));
  }

  /** Ends what is held of these agents, which are dead on record. */
  public Map<UUID, Ending> endAgents(List<UUID> agents) {
    return end(claim(OF_AGENTS, agents.toArray(UUID[]::new), WritResults.RESULTS_MAX));
  }

  /** How many credentials are late by more than a minute, for the metrics. */
  public static int late(Session session) throws SQLException {
    return session.one(
        "SELECT count(*)::int AS n FROM held"
            + " WHERE tries > 0 AND due < dies_at AND dies_at > clock_timestamp()",
        row -> row.integer("n"));
  }

  private List<Claimed> claim(String sql, Object... parameters) {
    return database.autoCommit(session -> session.list(sql, Revocations::read, parameters));
  }

  private static Claimed read(Row row) throws SQLException {
    return new Claimed(
        row.uuid("writ"),
        row.uuid("agent"),
        row.string("minter"),
        row.bytes("sealed"),
        row.instant("dies_at"),
        row.integer("tries"));
  }

  private Map<UUID, Ending> end(List<Claimed> all) {
    Map<Claimed, CompletableFuture<Ended>> asked = new LinkedHashMap<>();
    for (Claimed one : all) {
      asked.put(one, CompletableFuture.supplyAsync(() -> ask(one), threads));
    }
    await(asked.values().toArray(CompletableFuture[]::new));
    Map<UUID, Ending> endings = new HashMap<>();
    List<Ended> answered = new ArrayList<>();
    asked.forEach((one, answer) -> {
      Optional<Ended> now = Optional.ofNullable(answer.getNow(null));
      now.ifPresentOrElse(answered::add, () -> answer.thenAccept(late -> settle(List.of(late))));
      endings.put(
          one.writ(),
          now.map(Ended::ending)
              .orElse(new Ending.Unknown("the target has not answered yet; asked until it does")));
    });
    settle(answered);
    return endings;
  }

  private static void await(CompletableFuture<?>[] all) {
    try {
      CompletableFuture.allOf(all).get(WAIT_MAX.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    } catch (java.util.concurrent.ExecutionException | java.util.concurrent.TimeoutException late) {
      log.info("Not all targets have answered within {}", WAIT_MAX);
    }
  }

  private Ended ask(Claimed one) {
    Minter minter = minters.get(one.minter());
    if (minter == null) {
      return new Ended(one, new Ending.Unknown(one.minter() + " is not configured here any more"));
    }
    atOnce.acquireUninterruptibly();
    try {
      byte[] text = envelope.open(one.sealed(), SealContext.held(one.writ()));
      String secret = new String(text, StandardCharsets.UTF_8);
      return new Ended(one, minter.revoke(new Minter.Held(secret, one.diesAt())));
    } catch (KeyException unreadable) {
      log.error(
          "The credential of writ {} cannot be unsealed: {}", one.writ(), unreadable.getMessage());
      return new Ended(one, new Ending.Unknown("it cannot be unsealed"));
    } catch (RuntimeException broken) {
      log.error("{} broke at writ {}", one.minter(), one.writ(), broken);
      return new Ended(one, new Ending.Unknown("the target could not be asked"));
    } finally {
      atOnce.release();
    }
  }

  private void settle(List<Ended> all) {
    if (all.isEmpty()) {
      return;
    }
    try {
      acts.act(act -> {
        for (Ended ended : all) {
          settle(act, ended);
        }
        return all;
      });
    } catch (RuntimeException failed) {
      log.warn(
          "What targets answered is not on record, they are asked again: {}", failed.getMessage());
    }
  }

  private static void settle(Act act, Ended ended) throws SQLException {
    Claimed one = ended.claimed();
    switch (ended.ending()) {
      case Ending.Unknown _ ->
          act.session()
              .update(
                  "UPDATE held SET due = clock_timestamp() + least(60, 2 ^ least(tries, 6)) * interval '1 second'"
                      + " WHERE writ = ?",
                  one.writ());
      case Ending.Revoked _, Ending.DiesAt _ -> {
        act.record(note(one, ended.ending()));
        act.session()
            .update(
                "UPDATE writ SET state = 'ended', ended_at = coalesce(ended_at, ?) WHERE id = ?",
                act.at(),
                one.writ());
        act.session().update("DELETE FROM held WHERE writ = ?", one.writ());
      }
    }
  }

  private static Note note(Claimed one, Ending ending) {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("kind", "ended");
    body.put("agent", one.agent().toString());
    body.putAll(new WritResult(one.writ(), ending).json());
    return new Note("ended", Optional.of(one.agent()), Optional.of(one.writ()), body);
  }

  /** Gives up waiting; what is not on record is asked again, here or elsewhere. */
  @Override
  public void close() {
    threads.shutdownNow();
  }
}
