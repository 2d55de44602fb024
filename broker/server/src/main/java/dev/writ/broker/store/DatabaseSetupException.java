package dev.writ.broker.store;

/**
 * The database cannot be used as it is set up: a wrong password, a folder in use, no user
 * namespaces. Waiting does not help; the message says what was wrong and what to do, and is meant
 * for the person who starts the broker.
 */
public final class DatabaseSetupException extends RuntimeException {
  private final String explanation;

  public DatabaseSetupException(String message) {
    super(message);
    this.explanation = message;
  }

  public DatabaseSetupException(String message, Throwable cause) {
    super(message, cause);
    this.explanation = message;
  }

  @Override
  public String getMessage() {
    return explanation;
  }
}
