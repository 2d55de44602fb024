package dev.writ.broker.cli;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;

/** Ends a broker, and with it this process, when the process is told to end. */
final class Stop {
  /** The contract gives a broker 15 s; a second is left for the JVM itself. */
  private static final Duration PATIENCE = Duration.ofSeconds(14);

  private Stop() {}

  /**
   * Closes {@code serving} on SIGTERM or SIGINT. The JVM would then exit with the signal's number;
   * a broker that was told to stop and did has done what it should, so it halts with 0 instead.
   */
  static void onSignal(Serving serving) {
    Runtime.getRuntime().addShutdownHook(new Thread(() -> close(serving), "stop"));
  }

  private static void close(Serving serving) {
    Thread closing = Thread.ofPlatform().daemon().name("drain").start(serving::close);
    Exit exit = Exit.FAILED;
    try {
      exit = closing.join(PATIENCE) ? Exit.DONE : Exit.FAILED;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    Runtime.getRuntime().halt(exit.code());
  }

  /** Does not return: the shutdown hook ends the process. */
  static Exit await() {
    try {
      new CountDownLatch(1).await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return Exit.FAILED;
  }
}
