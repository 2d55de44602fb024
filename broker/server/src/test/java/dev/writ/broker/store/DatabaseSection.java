package dev.writ.broker.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A {@code database:} section of {@code writ.yaml}, for brokers that share a test's database. */
public final class DatabaseSection {
  private DatabaseSection() {}

  /** Writes the password to a file of its own and returns the section that names it. */
  public static String of(DatabaseSettings settings, Path passwordFile) throws IOException {
    Files.deleteIfExists(passwordFile);
    Files.createFile(passwordFile, PrivateFolders.FILE);
    Files.writeString(passwordFile, settings.password().orElseThrow().reveal());
    return "database: { url: \"%s?sslmode=disable\", user: %s, password: \"file:%s\" }"
        .formatted(settings.address(), settings.user(), passwordFile.toAbsolutePath());
  }
}
