package dev.writ.packaging;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Where things lie in the checkout. */
final class Repository {
  static final Path PACKAGING = Path.of("").toAbsolutePath();
  static final Path ROOT = PACKAGING.resolve("../..").normalize();

  private Repository() {}

  static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
