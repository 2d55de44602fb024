package dev.writ.broker.exchange;

import dev.writ.policy.Denial;

/** What is left of a request after policy, ancestors and lives. */
sealed interface Attenuated {

  /** Signed here. */
  record Local(Grant grant) implements Attenuated {}

  /** To be asked for at its target. */
  record Remote(Grant grant, Minter minter) implements Attenuated {}

  /**
   * Nothing.
   *
   * @param policy name@version that said no
   */
  record Denied(Denial denial, String policy) implements Attenuated {}

  /** Allowed, but nobody has configured the target here. */
  record NotConfigured(String target) implements Attenuated {}

  /** The request's token type is not one that the target gives. */
  record WrongType(String text) implements Attenuated {}
}
