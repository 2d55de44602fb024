package dev.writ.broker.keycloak;

import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes a turn each second, and at once after a hint: at most one hint a second is heeded, so that
 * whoever gives them without end makes two turns of one.
 */
final class Poller implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Poller.class);
  static final Duration EVERY = Duration.ofSeconds(1);

  private final Thread thread;
  private long hintedAt = System.nanoTime() - EVERY.toNanos();
  private boolean hinted;
  private boolean closed;

  Poller(String name, Runnable turn) {
    this.thread = Thread.ofPlatform().daemon().name("poll " + name).unstarted(() -> loop(turn));
  }

  void start() {
    thread.start();
  }

  synchronized void hint() {
    long now = System.nanoTime();
    if (now - hintedAt >= EVERY.toNanos()) {
      hintedAt = now;
      hinted = true;
      notifyAll();
    }
  }

  private void loop(Runnable turn) {
    long next = System.nanoTime() + EVERY.toNanos();
    try {
      while (awaitTurn(next)) {
        next = Math.max(next + EVERY.toNanos(), System.nanoTime());
        take(turn);
      }
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
    }
  }

  /** Whatever broke, the next turn comes: without it no change would ever be obeyed again. */
  private static void take(Runnable turn) {
    try {
      turn.run();
    } catch (RuntimeException broken) {
      log.error("A turn broke; the next one comes in a second", broken);
    }
  }

  /** False once it is closed. */
  private synchronized boolean awaitTurn(long next) throws InterruptedException {
    while (!closed && !hinted) {
      long left = next - System.nanoTime();
      if (left <= 0) {
        break;
      }
      wait(left / 1_000_000, (int) (left % 1_000_000));
    }
    hinted = false;
    return !closed;
  }

  /** Waits for a turn under way; interrupting it would cut its database connection. */
  @Override
  public void close() {
    synchronized (this) {
      closed = true;
      notifyAll();
    }
    try {
      thread.join(Duration.ofSeconds(10));
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
    }
  }
}
