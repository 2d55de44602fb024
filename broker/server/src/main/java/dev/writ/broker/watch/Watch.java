package dev.writ.broker.watch;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks again and again, and tells only what is new. */
final class Watch<T> implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Watch.class);
  static final Duration INTERVAL = Duration.ofSeconds(1);

  private final String name;
  private final Duration interval;
  private final Supplier<T> look;
  private final CountDownLatch stop = new CountDownLatch(1);
  private Optional<T> last = Optional.empty();
  private Optional<Thread> thread = Optional.empty();

  Watch(String name, Duration interval, Supplier<T> look) {
    this.name = name;
    this.interval = interval;
    this.look = look;
  }

  /**
   * Tells what there is now, and from then on each change. A listener that throws is told again at
   * the next look.
   */
  synchronized void start(Consumer<T> listener) {
    if (thread.isPresent()) {
      throw new IllegalStateException("already watching " + name);
    }
    tell(listener);
    thread =
        Optional.of(Thread.ofVirtual().name("watch " + name).start(() -> keepLooking(listener)));
  }

  private void keepLooking(Consumer<T> listener) {
    try {
      while (!stop.await(interval.toNanos(), TimeUnit.NANOSECONDS)) {
        tellAgain(listener);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void tellAgain(Consumer<T> listener) {
    try {
      tell(listener);
    } catch (RuntimeException e) {
      LOG.error("What changed in {} could not be taken over; it is tried again", name, e);
    }
  }

  private void tell(Consumer<T> listener) {
    T now = look.get();
    if (!last.equals(Optional.of(now))) {
      listener.accept(now);
      last = Optional.of(now);
    }
  }

  /** Waits for a listener that is at work; interrupting it would cut its database connection. */
  @Override
  public synchronized void close() {
    stop.countDown();
    try {
      if (thread.isPresent()) {
        thread.get().join();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
