package dev.writ.broker.upkeep;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Work that comes again and again. A turn that fails is logged and comes again. */
public final class Turns implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Turns.class);

  private final ScheduledExecutorService clock;

  /**
   * @param name of the threads
   * @param threads how many turns may run at once
   */
  public Turns(String name, int threads) {
    this.clock =
        Executors.newScheduledThreadPool(
            threads, Thread.ofPlatform().name(name + "-", 0).daemon().factory());
  }

  /** Comes first after one period, then always one period after it was done. */
  public void every(Duration period, String what, Runnable work) {
    schedule(period, period, what, work);
  }

  /** Comes at once, then always one period after it was done. */
  public void nowAndEvery(Duration period, String what, Runnable work) {
    schedule(Duration.ZERO, period, what, work);
  }

  private void schedule(Duration first, Duration period, String what, Runnable work) {
    Runnable guarded =
        () -> {
          try {
            work.run();
          } catch (RuntimeException failed) {
            log.warn("Failed at {}; trying again: {}", what, failed.getMessage());
          }
        };
    clock.scheduleWithFixedDelay(
        guarded, first.toMillis(), period.toMillis(), TimeUnit.MILLISECONDS);
  }

  /**
   * Begins no more turns and waits for those that run.
   *
   * @return whether they are done
   */
  public boolean finish(Duration wait) throws InterruptedException {
    clock.shutdown();
    return clock.awaitTermination(wait.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Begins no more turns and interrupts those that run. */
  @Override
  public void close() {
    clock.shutdownNow();
  }
}
