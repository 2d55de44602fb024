package dev.writ.broker.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Holds a folder for one process. The operating system lets go of it when the process ends, however
 * it ends, so a lock file that was left behind means nothing.
 */
public final class FolderLock implements AutoCloseable {
  private static final String FILE = "lock";

  /**
   * What this process holds. POSIX drops a process's locks on a file when it closes <em>any</em>
   * descriptor of it, so a second attempt in the same process must not even open the file.
   */
  private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

  private final Path folder;
  private final FileChannel channel;

  private FolderLock(Path folder, FileChannel channel) {
    this.folder = folder;
    this.channel = channel;
  }

  /**
   * Takes the folder, which is made (0700) if it is not there.
   *
   * @throws DatabaseSetupException if another process, or another part of this one, holds it
   */
  public static FolderLock take(Path folder) {
    try {
      Path real = PrivateFolders.create(folder).toRealPath();
      if (!HELD.add(real)) {
        throw inUse(real, Long.toString(ProcessHandle.current().pid()));
      }
      return lock(real);
    } catch (IOException e) {
      throw new DatabaseSetupException(
          "The folder " + folder + " cannot be locked: " + e.getMessage(), e);
    }
  }

  private static FolderLock lock(Path folder) throws IOException {
    boolean locked = false;
    Path file = folder.resolve(FILE);
    FileChannel channel = open(file);
    try {
      if (channel.tryLock() == null) {
        throw inUse(folder, Files.readString(file).strip());
      }
      channel.truncate(0);
      channel.write(ByteBuffer.wrap(pid().getBytes(StandardCharsets.US_ASCII)));
      locked = true;
      return new FolderLock(folder, channel);
    } finally {
      if (!locked) {
        channel.close();
        HELD.remove(folder);
      }
    }
  }

  private static FileChannel open(Path file) throws IOException {
    return FileChannel.open(
        file, Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE), PrivateFolders.FILE);
  }

  private static String pid() {
    return Long.toString(ProcessHandle.current().pid());
  }

  private static DatabaseSetupException inUse(Path folder, String pid) {
    String holder = pid.matches("\\d{1,10}") ? " (process " + pid + ")" : "";
    return new DatabaseSetupException(
        "The folder "
            + folder
            + " is in use by another broker"
            + holder
            + ". Stop that one first, or give this one a folder of its own with --data.");
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new DatabaseSetupException("The lock on " + folder + " could not be released.", e);
    } finally {
      HELD.remove(folder);
    }
  }
}
