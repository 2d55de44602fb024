package dev.writ.broker.exchange;

import dev.writ.broker.ledger.LedgerUnavailable;
import dev.writ.broker.ledger.LedgerWriter;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Credentials that were minted and could not be put on record, so that nobody got them. They are
 * ended at their target, and then their rows are written, however often that has to be tried: the
 * append whose answer was lost may have gone in, and the ledger would call them live. In memory
 * only; a node that dies with some leaves open intents, or writs that end by themselves.
 */
public final class Leftovers {
  private static final Logger log = LoggerFactory.getLogger(Leftovers.class);

  /** Tried in one turn, so that a slow target does not keep a turn for ever. */
  private static final int AT_ONCE_MAX = 20;

  private static final int MAX = 10_000;

  private final LedgerWriter ledger;
  private final Queue<Leftover> queue = new ConcurrentLinkedQueue<>();
  private final AtomicInteger size = new AtomicInteger();

  public Leftovers(LedgerWriter ledger) {
    this.ledger = ledger;
  }

  record Leftover(Grant grant, Minted.Issued issued, Minter minter) {}

  void add(Leftover leftover) {
    if (size.incrementAndGet() > MAX) {
      size.decrementAndGet();
      log.error(
          "Too many credentials wait to be ended; that of writ {} dies at {}",
          leftover.grant().writ(),
          leftover.issued().diesAt());
      return;
    }
    queue.add(leftover);
  }

  /** How many there are. */
  public int count() {
    return size.get();
  }

  /** Tries each once, up to a limit. Called again and again by the upkeep. */
  public void turn() {
    for (int i = 0; i < AT_ONCE_MAX; i++) {
      Leftover leftover = queue.poll();
      if (leftover == null) {
        return;
      }
      if (settled(leftover)) {
        size.decrementAndGet();
      } else {
        queue.add(leftover);
      }
    }
  }

  private boolean settled(Leftover leftover) {
    Minted.Issued issued = leftover.issued();
    Ending ending = leftover.minter().revoke(issued.held());
    if (ending instanceof Ending.Unknown) {
      return false;
    }
    try {
      ledger.append(GrantRows.withheld(leftover.grant(), issued, ending, null, Map.of()));
      return true;
    } catch (LedgerUnavailable unavailable) {
      return false;
    }
  }
}
