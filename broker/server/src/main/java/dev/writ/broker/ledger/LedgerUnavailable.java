package dev.writ.broker.ledger;

/**
 * The row is not known to be durable: the database is down, slow or behind what this node saw, or
 * the queue is full. Whatever the row was for must not leave.
 */
public final class LedgerUnavailable extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public LedgerUnavailable(String message) {
    super(message);
  }

  LedgerUnavailable(String message, Throwable cause) {
    super(message, cause);
  }
}
