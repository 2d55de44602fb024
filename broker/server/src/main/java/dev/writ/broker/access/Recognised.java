package dev.writ.broker.access;

/** What a bearer credential turned out to be. */
public sealed interface Recognised {
  record Known(Caller caller) implements Recognised {}

  /**
   * @param reason for the caller; names no secret
   */
  record Refused(String reason) implements Recognised {}

  /** The identity provider cannot be asked now. */
  record Unavailable(String reason) implements Recognised {}
}
