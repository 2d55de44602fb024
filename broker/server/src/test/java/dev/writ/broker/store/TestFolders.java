package dev.writ.broker.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Where the tests' server keeps its files: in memory where there is enough, for there a durable
 * commit costs nothing and a database is copied ten times as fast; else below the build's output.
 */
final class TestFolders {
  private static final Path MEMORY = Path.of("/dev/shm");
  private static final long FREE_MIN = 2L << 30;
  private static final String PREFIX = "writ-test-";

  private TestFolders() {}

  static Path forServer() {
    try {
      Path parent = hasRoom() ? MEMORY : Files.createDirectories(Path.of("target"));
      removeLeftovers(parent);
      return Files.createDirectory(
          parent.resolve(PREFIX + ProcessHandle.current().pid()), PrivateFolders.FOLDER);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean hasRoom() throws IOException {
    return Files.isWritable(MEMORY) && Files.getFileStore(MEMORY).getUsableSpace() > FREE_MIN;
  }

  /** Of test JVMs that were killed; their servers ended with them. */
  private static void removeLeftovers(Path parent) throws IOException {
    try (DirectoryStream<Path> folders = Files.newDirectoryStream(parent, PREFIX + "*")) {
      for (Path folder : folders) {
        long pid = Long.parseLong(folder.getFileName().toString().substring(PREFIX.length()));
        if (ProcessHandle.of(pid).isEmpty() || pid == ProcessHandle.current().pid()) {
          PrivateFolders.delete(folder);
        }
      }
    }
  }
}
