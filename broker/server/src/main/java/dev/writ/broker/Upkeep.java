package dev.writ.broker;

import dev.writ.broker.agent.LaunchKeys;
import dev.writ.broker.authority.Snapshots;
import dev.writ.broker.authority.TokenKeys;
import dev.writ.broker.exchange.Refusals;
import dev.writ.broker.ledger.Acts;
import dev.writ.broker.store.Database;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a node does by the clock besides the ledger's own upkeep. A turn that fails is logged and
 * comes again.
 */
final class Upkeep implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Upkeep.class);

  private final ScheduledExecutorService clock =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("upkeep").daemon().factory());

  private Upkeep() {}

  static Upkeep start(
      Snapshots snapshots,
      TokenKeys tokenKeys,
      TokenKeys stsKeys,
      Acts acts,
      NodeIdentity identity,
      Refusals refusals,
      Database database,
      Clock time) {
    Upkeep upkeep = new Upkeep();
    upkeep.every(Duration.ofSeconds(1), "reading what changed", snapshots::refresh);
    upkeep.every(Duration.ofSeconds(1), "counting refusals", refusals::flush);
    upkeep.every(
        Duration.ofMinutes(10), "forgetting old launches", () -> LaunchKeys.forget(database));
    upkeep.every(Duration.ofMinutes(1), "renewing intermediates", identity::upkeep);
    upkeep.every(
        Duration.ofMinutes(1),
        "looking after token keys",
        () -> {
          if (tokenKeys.needsUpkeep(snapshots.current().tokenKeys(), time.instant())) {
            tokenKeys.upkeep(acts);
          }
          if (stsKeys.needsUpkeep(snapshots.current().stsKeys(), time.instant())) {
            stsKeys.upkeep(acts);
          }
        });
    return upkeep;
  }

  private void every(Duration period, String what, Runnable work) {
    Runnable guarded =
        () -> {
          try {
            work.run();
          } catch (RuntimeException failed) {
            log.warn("Failed at {}: {}", what, failed.getMessage());
          }
        };
    clock.scheduleWithFixedDelay(
        guarded, period.toMillis(), period.toMillis(), TimeUnit.MILLISECONDS);
  }

  @Override
  public void close() {
    clock.shutdownNow();
  }
}
