package dev.writ.broker.exchange;

import java.time.Duration;
import java.time.Instant;

/**
 * Asks one kind of target for credentials and ends them. Called on a virtual thread; may block for
 * seconds.
 */
public interface Minter {

  /** What the credentials that it minted are filed under. Stays the same over restarts. */
  String name();

  /** Whether this minter's configuration reaches the target of the grant. */
  boolean serves(dev.writ.policy.Grant grant);

  /**
   * The shortest life that the target gives a credential, or that can be had by ending it early.
   */
  Duration lifeMin(dev.writ.policy.Grant grant);

  /**
   * Asks the target for what the intent names, no more. Never throws for a target in trouble: that
   * is an answer.
   */
  Minted mint(Intent intent);

  /**
   * Ends a credential at the target. What the target no longer knows has ended, too. Never throws
   * for a target in trouble.
   */
  Ending revoke(Held held);

  /**
   * A credential that was minted.
   *
   * @param secret its text
   * @param diesAt its own end at the target
   */
  record Held(String secret, Instant diesAt) {
    @Override
    public String toString() {
      return "Held[until " + diesAt + "]";
    }
  }
}
