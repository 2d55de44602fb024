package dev.writ.broker.keycloak;

import dev.writ.broker.ledger.LedgerUnavailable;
import dev.writ.broker.store.DatabaseUnavailable;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches one document of a realm: reads it whole at the start and at each change, and asks each
 * second whether there is one. What was not taken over is not asked for again until it changes, or
 * {@link #AGAIN} has passed.
 */
final class RealmWatch implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(RealmWatch.class);

  private static final Duration AGAIN = Duration.ofSeconds(30);

  /** Is told what the realm says; calls come one after the other. */
  interface Taker {
    /**
     * @param readAt when the realm was asked
     * @return whether it is in force now
     */
    boolean take(byte[] body, Instant readAt);

    /** What was taken last is still what the realm says. */
    void confirmed(Instant readAt);

    /**
     * @param why in words that fit after "cannot be read: "
     */
    void failed(String why);

    /** The realm answers. */
    void answered();
  }

  private final String name;
  private final RealmClient client;
  private final Taker taker;
  private final Clock clock;
  private final Poller poller;
  private String tag = "";
  private boolean taken;
  private Instant askAgain = Instant.MAX;

  /**
   * @param name of the document: {@code policies} or {@code owners}
   */
  RealmWatch(RealmConnection realm, String name, Taker taker, Clock clock) {
    this.name = name;
    this.client = new RealmClient(realm, name, clock);
    this.taker = taker;
    this.clock = clock;
    this.poller = new Poller(name, this::turn);
  }

  /**
   * Takes the first turn.
   *
   * @return whether what the realm says is in force
   */
  boolean first() {
    turn();
    return taken;
  }

  void start() {
    poller.start();
  }

  /** Something may have changed. */
  void hint() {
    poller.hint();
  }

  private void turn() {
    Instant asked = clock.instant();
    if (asked.isAfter(askAgain)) {
      tag = "";
      askAgain = Instant.MAX;
    }
    try {
      switch (client.read(tag)) {
        case RealmAnswer.Document document -> {
          taker.answered();
          read(document, asked);
        }
        case RealmAnswer.Unchanged _ -> {
          taker.answered();
          if (taken) {
            taker.confirmed(asked);
          }
        }
        case RealmAnswer.Failed(String why) -> taker.failed(why);
      }
    } catch (DatabaseUnavailable | LedgerUnavailable away) {
      log.warn("The realm's {} could not be taken over; trying again: {}", name, away.getMessage());
    }
  }

  private void read(RealmAnswer.Document document, Instant asked) {
    taken = taker.take(document.body(), asked);
    tag = document.tag();
    askAgain = taken ? Instant.MAX : asked.plus(AGAIN);
  }

  @Override
  public void close() {
    poller.close();
    client.close();
  }
}
