package dev.writ.broker.keys;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * Where {@code vault:} keys are, and as whom the broker asks for them.
 *
 * @param address https (http on loopback only), without {@code /v1}
 * @param namespace of Vault Enterprise or OpenBao
 * @param ca PEM of the authorities of its certificate; the machine's own unless given
 * @param timeout for one request with all its repetitions, login included
 */
public record VaultSettings(
    URI address, Optional<String> namespace, Optional<Path> ca, Duration timeout, Login login) {

  /** How the broker logs in. Files are read at each login, so that what they hold can rotate. */
  public sealed interface Login {
    /** Path of the auth method below {@code auth/}. */
    String mount();
  }

  public record AppRole(String roleId, Path secretId, String mount) implements Login {}

  /**
   * @param tokenFile of the pod's service account
   */
  public record Kubernetes(String role, Path tokenFile, String mount) implements Login {}

  public record Jwt(String role, Path tokenFile, String mount) implements Login {}

  /**
   * By a token that the broker signs itself, to a Vault that trusts its issuer.
   *
   * @param audience of that token; no policy may grant it to an agent
   */
  public record Identity(String role, String audience, String mount) implements Login {}
}
