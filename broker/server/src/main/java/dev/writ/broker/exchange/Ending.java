package dev.writ.broker.exchange;

import java.time.Instant;

/** How a credential comes to its end at the target. */
public sealed interface Ending {

  /**
   * @param answer the target's own
   */
  record Revoked(String answer) implements Ending {}

  /**
   * @param why it cannot end sooner
   */
  record DiesAt(Instant at, String why) implements Ending {}

  /** The target did not answer. */
  record Unknown(String why) implements Ending {}
}
