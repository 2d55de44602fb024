package dev.writ.broker.config;

import dev.writ.broker.keys.KeyRef;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Where the broker listens.
 *
 * @param port 0 lets the system choose
 * @param managementHost where health and metrics are served, on loopback unless said otherwise
 * @param managementPort plain HTTP for health and metrics; 0 lets the system choose
 * @param tls absent: a certificate from the trust domain
 */
public record Listen(
    String host, int port, String managementHost, int managementPort, Optional<Tls> tls) {

  /**
   * A server certificate from elsewhere.
   *
   * @param certificate PEM, leaf first
   */
  public record Tls(Path certificate, KeyRef key) {}

  Listen onPort(int chosen) {
    return new Listen(host, chosen, managementHost, managementPort, tls);
  }
}
