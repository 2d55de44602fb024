package dev.writ.broker;

import dev.writ.broker.authority.Snapshot;
import dev.writ.broker.authority.SourceFiles;
import dev.writ.broker.authority.SourceKind;
import dev.writ.broker.authority.Sources;
import dev.writ.broker.config.Config;
import dev.writ.broker.config.Source;
import dev.writ.broker.ledger.Acts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The files that a node takes policies and owners from, and those that it writes for its callers.
 */
final class LocalFiles {
  private static final Logger log = LoggerFactory.getLogger(LocalFiles.class);

  private LocalFiles() {}

  /**
   * Files are the source of a node of its own; a shared database takes them once, while it is
   * empty.
   *
   * @param before what the database has already
   */
  static void readInto(
      SourceFiles files, Config config, Snapshot before, Acts acts, Sources sources, Clock clock) {
    boolean shared = config.database().isPresent();
    release(config.owners(), SourceKind.OWNERS, acts);
    release(config.policies(), SourceKind.POLICIES, acts);
    warn(config.owners(), SourceKind.OWNERS, sources);
    warn(config.policies(), SourceKind.POLICIES, sources);
    if (config.owners() instanceof Source.Local owners && present(owners)) {
      files.owners(owners.path(), clock, shared, before.owners().isEmpty());
    }
    if (config.policies() instanceof Source.Local policies && present(policies)) {
      files.policies(policies.path(), shared, before.policies().isEmpty());
    }
  }

  /** Ends a realm's being the source, where the configuration says that files replace it. */
  private static void release(Source source, SourceKind kind, Acts acts) {
    if (source instanceof Source.Local && source.replaces().isPresent()) {
      String realm = source.replaces().get().toString();
      if (Sources.release(acts, kind, realm)) {
        log.warn("The {} are not those of the realm {} any more", kind.word(), realm);
      }
    }
  }

  private static void warn(Source source, SourceKind kind, Sources sources) {
    if (source instanceof Source.Local) {
      sources
          .inForce(kind)
          .ifPresent(realm ->
              log.warn(
                  "The {} are those of the realm {}, which this node does not read: they change and are confirmed only by nodes that do",
                  kind.word(),
                  realm.realm()));
    }
  }

  private static boolean present(Source.Local source) {
    return !source.isDefault() || Files.exists(source.path());
  }

  /** Nobody reads half of it. */
  /** Writes it where it is not so already. */
  static void update(Path file, String text) {
    try {
      if (!Files.exists(file) || !Files.readString(file).equals(text)) {
        write(file, text);
      }
    } catch (IOException failed) {
      throw new UncheckedIOException(file + " cannot be written", failed);
    }
  }

  static void write(Path file, String text) throws IOException {
    Path fresh = file.resolveSibling(file.getFileName() + ".new");
    Files.writeString(fresh, text);
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }
}
