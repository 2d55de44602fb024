package dev.writ.broker.config;

import java.util.Map;

/** The command-line flags that say what a key of the file says. */
public final class Flags {
  /** Flag, as typed, to the key it stands for. */
  public static final Map<String, String> KEYS =
      Map.of(
          "--port", "listen.port",
          "--management-port", "listen.management-port",
          "--data", "data",
          "--database", "database.url",
          "--policies", "policies.directory",
          "--owners", "owners.file");

  private Flags() {}

  /** The flag for a key, for messages. */
  static String nameOf(String key) {
    return KEYS.entrySet().stream()
        .filter(flag -> flag.getValue().equals(key))
        .map(Map.Entry::getKey)
        .findFirst()
        .orElse(key);
  }
}
