package dev.writ.broker;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * Work that begins now, on a thread of its own, and whose result is wanted later: at the start most
 * of the time goes into waiting for the database, which much does not need.
 */
final class Early<T> {
  private final FutureTask<T> work;

  private Early(Callable<T> work) {
    this.work = new FutureTask<>(work);
  }

  static <T> Early<T> begin(String name, Callable<T> work) {
    Early<T> early = new Early<>(work);
    Thread.ofPlatform().name(name).daemon().start(early.work);
    return early;
  }

  /** Waits for the result; throws what the work threw. */
  T take() {
    try {
      return work.get();
    } catch (ExecutionException failed) {
      switch (failed.getCause()) {
        case RuntimeException unchecked -> throw unchecked;
        case Error error -> throw error;
        case null, default -> throw new IllegalStateException(failed.getCause());
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while the node started", interrupted);
    }
  }
}
