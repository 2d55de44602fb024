package dev.writ.pkcs11;

import dev.writ.broker.keys.KeyException;
import dev.writ.broker.keys.SecretFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Where the PIN of a token is; read at each login, so that a changed one is found. */
final class Pin {
  static final String VARIABLE = "WRIT_PKCS11_PIN";

  /** What {@link System#getenv(String)} is, but for tests. */
  interface Environment {
    @Nullable String get(String variable);
  }

  private final Pkcs11Uri uri;
  private final Environment environment;

  Pin(Pkcs11Uri uri, Environment environment) {
    this.uri = uri;
    this.environment = environment;
  }

  /**
   * @throws KeyException if there is none
   */
  byte[] read() {
    Optional<Path> file = uri.pinFile();
    String pin =
        file.isPresent()
            ? new SecretFile(file.get()).read().strip()
            : Optional.ofNullable(environment.get(VARIABLE)).orElse("");
    if (pin.isEmpty()) {
      throw new KeyException(
          "%s: %s. %s".formatted(uri, Trouble.NO_PIN.found(), Trouble.NO_PIN.remedy()));
    }
    return pin.getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public String toString() {
    return "Pin[of " + uri + "]";
  }
}
