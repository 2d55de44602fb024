package dev.writ.broker.ledger;

import dev.writ.broker.store.Database;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a node does for the ledger by the clock: renews its lease, writes down what it saw, settles
 * orphans, empties idle slots. A turn that fails is logged and comes again.
 */
public final class LedgerUpkeep implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(LedgerUpkeep.class);

  private static final Duration SAVE = Duration.ofSeconds(1);
  private static final Duration SETTLE = Duration.ofSeconds(3);

  /** Some times within the 128 s for which a slot is idle. */
  private static final Duration EMPTY = Duration.ofSeconds(30);

  private static final Duration FORGET = Duration.ofHours(12);

  private final NodeLease lease;
  private final ScheduledExecutorService clock =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("ledger-upkeep").daemon().factory());

  private LedgerUpkeep(NodeLease lease) {
    this.lease = lease;
  }

  /**
   * Begins the node's lease, checks that the database has what this node saw, and goes on by the
   * clock until it is closed.
   *
   * @throws LedgerUnavailable if the database has lost rows that this node saw
   * @throws dev.writ.broker.store.DatabaseUnavailable if it does not answer
   */
  public static LedgerUpkeep start(
      Database database, Acts acts, SeenHead seen, NodeLease lease, Orphans orphans) {
    acts.verify();
    lease.renew();
    LedgerUpkeep upkeep = new LedgerUpkeep(lease);
    upkeep.every(NodeLease.HEARTBEAT, "renewing the lease", lease::renew);
    upkeep.every(SAVE, "writing down the head", seen::save);
    upkeep.every(SETTLE, "settling orphans", orphans::settle);
    upkeep.every(EMPTY, "emptying the idle slot", () -> ProofSlots.emptyIdle(database));
    upkeep.every(FORGET, "forgetting old nodes", lease::forgetOld);
    return upkeep;
  }

  private void every(Duration period, String what, Runnable work) {
    Runnable guarded =
        () -> {
          try {
            work.run();
          } catch (RuntimeException failed) {
            log.warn("Failed at {}; trying again: {}", what, failed.getMessage());
          }
        };
    clock.scheduleWithFixedDelay(guarded, 0, period.toMillis(), TimeUnit.MILLISECONDS);
  }

  /**
   * Ends the upkeep and the lease. Close the {@link LedgerWriter} before, so that nothing comes
   * after.
   */
  @Override
  public void close() {
    clock.shutdown();
    try {
      if (!clock.awaitTermination(2, TimeUnit.SECONDS)) {
        log.warn("The ledger's upkeep is still waiting for the database");
      }
      lease.end();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException failed) {
      log.warn("The lease could not be ended; it runs out by itself: {}", failed.getMessage());
    }
  }
}
