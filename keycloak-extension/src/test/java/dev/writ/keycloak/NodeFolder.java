package dev.writ.keycloak;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Where the stories are told: a copy of {@code src/test/page} with its packages, which are
 * installed again only when the lock file has changed.
 */
final class NodeFolder {
  private static final Path SOURCE = Path.of("src/test/page");
  private static final Path TARGET = Path.of("target/stories");
  private static final String PACKAGES = "node_modules";
  private static final String LOCK = "package-lock.json";

  /** A copy of the lock file, made when what it names was installed. */
  private static final String INSTALLED = "installed";

  private static final long NPM_MINUTES_MAX = 3;

  private NodeFolder() {}

  static Path prepare() {
    try {
      Files.createDirectories(TARGET);
      Path installed = TARGET.resolve(INSTALLED);
      boolean same = Files.exists(installed) && Files.mismatch(installed, SOURCE.resolve(LOCK)) < 0;
      clear(same ? Set.of(PACKAGES, INSTALLED) : Set.of(PACKAGES));
      copy();
      if (!same) {
        npm("ci", "--ignore-scripts", "--no-audit", "--no-fund");
        Files.copy(SOURCE.resolve(LOCK), installed);
      }
      return TARGET;
    } catch (IOException e) {
      throw new UncheckedIOException("the stories cannot be prepared", e);
    }
  }

  /** What is no longer there must not be told. */
  private static void clear(Set<String> but) throws IOException {
    List<Path> old;
    try (Stream<Path> files = Files.list(TARGET)) {
      old = files.filter(file -> !but.contains(file.getFileName().toString())).toList();
    }
    for (Path one : old) {
      try (Stream<Path> below = Files.walk(one)) {
        for (Path file : below.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
  }

  private static void copy() throws IOException {
    try (Stream<Path> files = Files.walk(SOURCE)) {
      List<Path> ours =
          files
              .filter(Files::isRegularFile)
              .filter(file -> !SOURCE.relativize(file).startsWith(PACKAGES))
              .toList();
      for (Path file : ours) {
        Path to = TARGET.resolve(SOURCE.relativize(file));
        Files.createDirectories(to.getParent());
        Files.copy(file, to, StandardCopyOption.REPLACE_EXISTING);
      }
    }
  }

  private static void npm(String... arguments) throws IOException {
    Path log = TARGET.resolve("npm.log");
    Process npm =
        new ProcessBuilder(Stream.concat(Stream.of("npm"), Stream.of(arguments)).toList())
            .directory(TARGET.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    try {
      if (!npm.waitFor(NPM_MINUTES_MAX, TimeUnit.MINUTES) || npm.exitValue() != 0) {
        throw new IllegalStateException("npm ci failed:\n" + Files.readString(log));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while npm ran", e);
    } finally {
      npm.destroyForcibly();
    }
  }
}
