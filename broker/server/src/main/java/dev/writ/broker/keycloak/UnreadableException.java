package dev.writ.broker.keycloak;

/** What a realm said is not what it should be. */
final class UnreadableException extends Exception {
  private static final long serialVersionUID = 1L;

  /**
   * @param message in words that fit after "cannot be read: "
   */
  UnreadableException(String message) {
    super(message, null, false, false);
  }

  String why() {
    return String.valueOf(getMessage());
  }
}
