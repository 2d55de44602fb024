package dev.writ.broker.exchange;

import dev.writ.broker.ledger.Verdict;

/** What became of a row of an exchange. */
sealed interface Recorded {

  /** On record: the outcome may be told. */
  record Told(Outcome outcome) implements Recorded {}

  /** On record: the target may be asked. */
  record Opened(Intent intent) implements Recorded {}

  /** Not on record, and why. */
  record Rejected(Verdict verdict) implements Recorded {}
}
