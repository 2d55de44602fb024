package dev.writ.broker.exchange;

import java.security.cert.X509Certificate;
import java.util.List;

/**
 * What a request shows of its sender.
 *
 * @param certificates the TLS client chain, leaf first; empty without one
 * @param dpop every value of the {@code DPoP} header
 * @param method of the request, upper case
 * @param path of the request, from the issuer's URL on
 */
public record Credentials(
    List<X509Certificate> certificates, List<String> dpop, String method, String path) {

  @Override
  public String toString() {
    return "Credentials[" + method + " " + path + "]";
  }
}
