package dev.writ.broker.exchange;

import java.time.Duration;

/**
 * Asks one kind of target for credentials and ends them. Called on a virtual thread; may block for
 * seconds.
 */
public interface Minter {

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

  /** Ends a credential that was minted and may not be given out. */
  Ending revoke(Minted.Issued issued);
}
