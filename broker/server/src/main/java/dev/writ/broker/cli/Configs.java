package dev.writ.broker.cli;

import dev.writ.broker.config.Config;
import dev.writ.broker.config.ConfigReader;
import dev.writ.document.Parsed;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** Reads the configuration for a command, or ends the command with all that is wrong with it. */
final class Configs {
  private final Surroundings surroundings;

  Configs(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  Config read(Optional<Path> file) {
    return read(file, Map.of());
  }

  /**
   * @param flags by the key they stand for (see {@link dev.writ.broker.config.Flags#KEYS})
   */
  Config read(Optional<Path> file, Map<String, String> flags) {
    ConfigReader reader =
        new ConfigReader(surroundings.directory(), surroundings.environment(), flags);
    return switch (file.map(reader::read).orElseGet(reader::read)) {
      case Parsed.Valid<Config>(Config config) -> config;
      case Parsed.Invalid<Config> invalid -> throw new Failure(Exit.USAGE, invalid.report());
    };
  }
}
