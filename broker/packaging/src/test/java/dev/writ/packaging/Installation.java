package dev.writ.packaging;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * The archive, built from the jars of this build, unpacked and prepared once for all classes, below
 * a folder with a space in its name, where the user who runs it may not write.
 */
final class Installation implements BeforeAllCallback {
  private @Nullable Unpacked unpacked;

  private record Unpacked(Path folder, Path archive, Path home) implements AutoCloseable {
    @Override
    public void close() throws IOException {
      Program.of(folder, "chmod", "-R", "u+w", folder.toString()).run();
      try (Stream<Path> files = Files.walk(folder)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
  }

  @Override
  public void beforeAll(ExtensionContext context) {
    unpacked =
        context
            .getRoot()
            .getStore(ExtensionContext.Namespace.create(Installation.class))
            .computeIfAbsent("archive", key -> unpack(), Unpacked.class);
  }

  private static Unpacked unpack() {
    try {
      Path folder = Files.createTempDirectory("writ-install-");
      Path target = Files.createDirectory(folder.resolve("with a space"));
      Path archive = build(folder);
      Program.of(target, "tar", "-xf", archive.toString()).run().expectDone();
      String name = archive.getFileName().toString().replace(".tar.gz", "");
      Path home = target.resolve(name);
      Program.of(home, "bin/writ", "prepare")
          .env("WRIT_JAVA_HOME", System.getProperty("java.home"))
          .run()
          .expectDone();
      for (Path open : new Path[] {folder, target}) {
        Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxr-xr-x"));
      }
      Program.of(target, "chmod", "-R", "a-w", target.toString()).run().expectDone();
      return new Unpacked(folder, archive, home);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The archive's name is all that the script prints. */
  static Path build(Path folder) {
    String script = Repository.PACKAGING.resolve("archive").toString();
    return Path.of(
        Program.of(folder, script, "--as-built", folder.toString()).run().expectDone().strip());
  }

  Path archive() {
    return Objects.requireNonNull(unpacked, "not before the class's first test").archive();
  }

  Path home() {
    return Objects.requireNonNull(unpacked, "not before the class's first test").home();
  }

  String file(String name) {
    return home().resolve(name).toString();
  }
}
