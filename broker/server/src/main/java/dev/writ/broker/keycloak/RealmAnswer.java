package dev.writ.broker.keycloak;

/** What a realm answered to a question for its policies or owners. */
sealed interface RealmAnswer {
  /**
   * A document.
   *
   * @param tag to be shown at the next question; empty if there was none
   * @param body JSON
   */
  record Document(String tag, byte[] body) implements RealmAnswer {}

  /** The one of the tag that was shown is the present one. */
  record Unchanged() implements RealmAnswer {}

  /**
   * Nothing that counts.
   *
   * @param why in words that fit after "cannot be read: "
   */
  record Failed(String why) implements RealmAnswer {}
}
