package dev.writ.broker;

import dev.writ.broker.exchange.Leftovers;
import dev.writ.broker.writ.Revocations;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a node does by the clock at targets, which may be slow: apart from what must not wait. */
final class TargetUpkeep implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(TargetUpkeep.class);

  private final ScheduledExecutorService clock =
      Executors.newScheduledThreadPool(
          2, Thread.ofPlatform().name("target-upkeep-", 0).daemon().factory());

  private TargetUpkeep() {}

  static TargetUpkeep start(Leftovers leftovers, Revocations revocations) {
    TargetUpkeep upkeep = new TargetUpkeep();
    upkeep.everySecond("ending what could not be put on record", leftovers::turn);
    upkeep.everySecond("ending credentials at their targets", revocations::turn);
    return upkeep;
  }

  private void everySecond(String what, Runnable work) {
    Runnable guarded =
        () -> {
          try {
            work.run();
          } catch (RuntimeException failed) {
            log.warn("Failed at {}: {}", what, failed.getMessage());
          }
        };
    clock.scheduleWithFixedDelay(guarded, 1, 1, TimeUnit.SECONDS);
  }

  @Override
  public void close() {
    clock.shutdownNow();
  }
}
