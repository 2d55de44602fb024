package dev.writ.broker;

import dev.writ.broker.authority.Snapshot;
import dev.writ.broker.authority.SourceFiles;
import dev.writ.broker.config.Config;
import dev.writ.broker.config.Source;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;

/**
 * The files that a node takes policies and owners from, and those that it writes for its callers.
 */
final class LocalFiles {
  private LocalFiles() {}

  /**
   * Files are the source of a node of its own; a shared database takes them once, while it is
   * empty.
   *
   * @param before what the database has already
   */
  static void readInto(SourceFiles files, Config config, Snapshot before, Clock clock) {
    boolean shared = config.database().isPresent();
    if (config.owners() instanceof Source.Local owners && present(owners)) {
      files.owners(owners.path(), clock, shared, before.owners().isEmpty());
    }
    if (config.policies() instanceof Source.Local policies && present(policies)) {
      files.policies(policies.path(), shared, before.policies().isEmpty());
    }
  }

  private static boolean present(Source.Local source) {
    return !source.isDefault() || Files.exists(source.path());
  }

  /** Nobody reads half of it. */
  static void write(Path file, String text) throws IOException {
    Path fresh = file.resolveSibling(file.getFileName() + ".new");
    Files.writeString(fresh, text);
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }
}
