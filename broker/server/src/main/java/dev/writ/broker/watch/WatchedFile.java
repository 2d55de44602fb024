package dev.writ.broker.watch;

import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Consumer;

/** A file that is read again when its content changes, within about a second. */
public final class WatchedFile implements AutoCloseable {
  private final Watch<FileContent> watch;

  public WatchedFile(Path file) {
    this(file, Watch.INTERVAL);
  }

  WatchedFile(Path file, Duration interval) {
    ContentCache cache = new ContentCache();
    this.watch = new Watch<>(file.toString(), interval, () -> cache.read(file));
  }

  /**
   * Tells the listener what the file says now, before this returns, and from then on each change,
   * one after the other. A listener that throws is told again a second later; thrown at the start,
   * the exception is the caller's.
   */
  public void start(Consumer<FileContent> listener) {
    watch.start(listener);
  }

  /** Ends the watch; no call of the listener is under way any more when this returns. */
  @Override
  public void close() {
    watch.close();
  }
}
