package dev.writ.broker.watch;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/**
 * A folder of documents that is read again, as a whole, when any of them changes, within about a
 * second.
 */
public final class WatchedFolder implements AutoCloseable {
  private final Watch<FolderContent> watch;

  /**
   * @param suffixes of the documents' names, such as {@code .yaml}
   */
  public WatchedFolder(Path folder, List<String> suffixes) {
    this(folder, suffixes, Watch.INTERVAL);
  }

  WatchedFolder(Path folder, List<String> suffixes, Duration interval) {
    this.watch = new Watch<>(folder.toString(), interval, () -> FolderContent.of(folder, suffixes));
  }

  /** As {@link WatchedFile#start}. */
  public void start(Consumer<FolderContent> listener) {
    watch.start(listener);
  }

  /** As {@link WatchedFile#close}. */
  @Override
  public void close() {
    watch.close();
  }
}
