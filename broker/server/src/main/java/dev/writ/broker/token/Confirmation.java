package dev.writ.broker.token;

/** Which key the bearer of an access token must prove (RFC 7800): the one that was proven. */
public sealed interface Confirmation {

  /**
   * Proven by mutual TLS (RFC 8705 section 3.1).
   *
   * @param x5tS256 base64url SHA-256 of the certificate
   */
  record Certificate(String x5tS256) implements Confirmation {}

  /**
   * Proven by DPoP (RFC 9449 section 6.1).
   *
   * @param jkt RFC 7638 thumbprint of the key
   */
  record Key(String jkt) implements Confirmation {}
}
