package dev.writ.broker.ledger;

import dev.writ.broker.store.Database;
import dev.writ.broker.upkeep.Turns;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a node does for the ledger by the clock: renews its lease, looks at the head and writes it
 * down, settles orphans, empties idle slots. A turn that fails is logged and comes again.
 */
public final class LedgerUpkeep implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(LedgerUpkeep.class);

  private static final Duration LOOK = Duration.ofSeconds(1);
  private static final Duration SAVE = Duration.ofSeconds(1);
  private static final Duration SETTLE = Duration.ofSeconds(3);

  /** Some times within the 128 s for which a slot is idle. */
  private static final Duration EMPTY = Duration.ofSeconds(30);

  private static final Duration STOP = Duration.ofSeconds(2);
  private static final Duration FORGET = Duration.ofHours(12);

  private final NodeLease lease;
  private final Turns turns = new Turns("ledger-upkeep", 1);

  private LedgerUpkeep(NodeLease lease) {
    this.lease = lease;
  }

  /**
   * Begins the node's lease, and goes on by the clock until it is closed.
   *
   * @throws dev.writ.broker.store.DatabaseUnavailable if it does not answer
   */
  public static LedgerUpkeep start(
      Database database, Acts acts, SeenHead seen, NodeLease lease, Orphans orphans) {
    lease.renew();
    LedgerUpkeep upkeep = new LedgerUpkeep(lease);
    upkeep.turns.nowAndEvery(NodeLease.HEARTBEAT, "renewing the lease", lease::renew);
    upkeep.turns.nowAndEvery(LOOK, "looking at the head", acts::look);
    upkeep.turns.nowAndEvery(SAVE, "writing down the head", seen::save);
    upkeep.turns.nowAndEvery(SETTLE, "settling orphans", orphans::settle);
    upkeep.turns.nowAndEvery(EMPTY, "emptying the idle slot", () -> ProofSlots.emptyIdle(database));
    upkeep.turns.nowAndEvery(FORGET, "forgetting old nodes", lease::forgetOld);
    return upkeep;
  }

  /**
   * Ends the upkeep and the lease. Close the {@link LedgerWriter} before, so that nothing comes
   * after.
   */
  @Override
  public void close() {
    try {
      if (!turns.finish(STOP)) {
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
