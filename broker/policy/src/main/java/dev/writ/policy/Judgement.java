package dev.writ.policy;

/** What an authority says to a request. */
public sealed interface Judgement {

  /**
   * Granted.
   *
   * @param grant at most what was asked for and at most what is allowed
   */
  record Allowed(Grant grant) implements Judgement {}

  /** Refused whole. */
  record Refused(Denial denial) implements Judgement {}
}
