package dev.writ.broker.watch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Reads files, but not those again whose inode says that nothing was written since. For one thread.
 */
final class ContentCache {
  /**
   * File systems' clocks tick coarsely: what was written just before it was read may be written
   * again in the same tick.
   */
  private static final Duration SETTLED = Duration.ofSeconds(2);

  private record Entry(Map<String, Object> stamp, Instant readAt, FileContent content) {}

  private final Map<Path, Entry> entries = new HashMap<>();

  FileContent read(Path file) {
    Instant now = Instant.now();
    Optional<Map<String, Object>> stamp = stamp(file);
    Entry known = entries.get(file);
    if (stamp.isPresent()
        && known != null
        && known.stamp().equals(stamp.get())
        && isSettled(known)) {
      return known.content();
    }
    FileContent content = FileContent.of(file);
    entries.remove(file);
    stamp.ifPresent(present -> entries.put(file, new Entry(present, now, content)));
    return content;
  }

  /** Forgets the files that are not in a folder any more. */
  void keep(Set<Path> files) {
    entries.keySet().retainAll(files);
  }

  private static boolean isSettled(Entry entry) {
    FileTime changed =
        (FileTime) entry.stamp().getOrDefault("ctime", FileTime.fromMillis(Long.MAX_VALUE));
    return changed.toInstant().plus(SETTLED).isBefore(entry.readAt());
  }

  /**
   * The change time moves with every write, also where a copying tool sets the modification time
   * back.
   */
  private static Optional<Map<String, Object>> stamp(Path file) {
    try {
      return Optional.of(Files.readAttributes(file, "unix:ctime,size,dev,ino"));
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
