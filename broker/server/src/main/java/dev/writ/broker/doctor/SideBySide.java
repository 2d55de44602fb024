package dev.writ.broker.doctor;

import java.util.Collection;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;

/** Looks at several things at once, for each may take as long as its target does. */
final class SideBySide {
  private SideBySide() {}

  /** In the order of {@code things}. Each look ends by itself. */
  static <T> List<Finding> all(Collection<T> things, Function<T, List<Finding>> look) {
    ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    try {
      List<Future<List<Finding>>> running =
          things.stream().map(one -> threads.submit(() -> look.apply(one))).toList();
      return running.stream().flatMap(one -> join(one).stream()).toList();
    } finally {
      threads.shutdownNow();
    }
  }

  private static List<Finding> join(Future<List<Finding>> running) {
    try {
      return running.get();
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
      return List.of();
    } catch (ExecutionException failed) {
      throw new IllegalStateException(failed.getCause());
    }
  }
}
