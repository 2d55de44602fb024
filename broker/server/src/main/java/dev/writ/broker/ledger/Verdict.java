package dev.writ.broker.ledger;

import java.time.Instant;

/** What the ledger said to one {@link Row}. Only {@link Appended} is a permission. */
public sealed interface Verdict {

  /** The row is durable. {@code at} is the database's clock, taken under the lock. */
  record Appended(long sequence, Instant at) implements Verdict {}

  /** The row was judged by an old snapshot, agent revision or duty roster: judge again. */
  record Stale() implements Verdict {}

  /** The DPoP proof was used before, on this node or another. */
  record Replayed() implements Verdict {}

  /** A close whose intent was settled by somebody else. */
  record NotOpen() implements Verdict {}

  /** What it would be judged by could not be confirmed for too long. */
  record Unconfirmed() implements Verdict {}

  /** The agent may have nothing. */
  record Objected(Objection objection) implements Verdict {}
}
