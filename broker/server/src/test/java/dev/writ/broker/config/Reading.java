package dev.writ.broker.config;

import dev.writ.document.Parsed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Configurations of tests, read as a broker that is started in a folder reads them. */
final class Reading {
  private Reading() {}

  static Parsed<Config> read(
      Path folder, Map<String, String> environment, Map<String, String> flags) {
    return new ConfigReader(folder, environment, flags).read();
  }

  /** Of a {@code writ.yaml} with this text, and nothing else. */
  static Parsed<Config> file(Path folder, String yaml) throws IOException {
    Files.writeString(folder.resolve("writ.yaml"), yaml);
    return read(folder, Map.of(), Map.of());
  }

  static Config valid(Parsed<Config> parsed) {
    return parsed.orElseThrow();
  }
}
