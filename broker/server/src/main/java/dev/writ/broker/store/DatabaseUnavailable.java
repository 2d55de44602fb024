package dev.writ.broker.store;

/**
 * The database does not answer now: down, hanging, restarting, full, or a standby. Callers answer
 * 503 and may try again.
 *
 * <p>{@link #mayHaveCommitted} tells the one case apart that must not be taken for a failure: the
 * connection was lost after the commit had been sent and before its answer came, so that only a
 * look-up can tell whether it happened.
 */
public final class DatabaseUnavailable extends RuntimeException {
  private final String explanation;
  private final boolean mayHaveCommitted;

  DatabaseUnavailable(String message, boolean mayHaveCommitted, Throwable cause) {
    super(message, cause);
    this.explanation = message;
    this.mayHaveCommitted = mayHaveCommitted;
  }

  @Override
  public String getMessage() {
    return explanation;
  }

  /** True when the work may be durable although this exception was thrown. */
  public boolean mayHaveCommitted() {
    return mayHaveCommitted;
  }
}
