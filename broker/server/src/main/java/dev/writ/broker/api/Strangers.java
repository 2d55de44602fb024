package dev.writ.broker.api;

import dev.writ.broker.http.Call;
import dev.writ.broker.metrics.Metrics;
import dev.writ.broker.metrics.Unproven;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Those who could not prove who they are: counted, and told to the log, which bounds how many lines
 * it takes. Never to the ledger: nobody fills the disk from outside. What they sent is not
 * repeated.
 */
final class Strangers {
  private static final Logger log = LoggerFactory.getLogger(Strangers.class);

  private final Metrics metrics;

  Strangers(Metrics metrics) {
    this.metrics = metrics;
  }

  void turnedAway(Unproven reason, Call call) {
    metrics.unauthenticated(reason);
    log.info("Not authenticated: {}, from {}", reason.word(), call.from().getHostAddress());
  }
}
