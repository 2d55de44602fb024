package dev.writ.broker.config;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/**
 * The JSON Schema (2020-12) of {@code writ.yaml}, for editors. What it cannot say, {@link
 * ConfigReader} checks.
 */
public final class ConfigSchema {
  private static final String RESOURCE = "writ.schema.json";

  private ConfigSchema() {}

  /** The schema as JSON text. */
  public static String json() {
    try (InputStream stream = ConfigSchema.class.getResourceAsStream(RESOURCE)) {
      if (stream == null) {
        throw new IllegalStateException("the resource " + RESOURCE + " is missing");
      }
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
