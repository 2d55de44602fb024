package dev.writ.broker.token;

import java.time.Instant;

/**
 * A token that was signed and has not left yet.
 *
 * @param text the compact JWS: a secret
 * @param sha256 SHA-256 of the text, 64 lower-case hexadecimal digits: what the ledger records. It
 *     exists only after signing, for ES256 signatures are random
 * @param kid the key that signed
 */
public record SignedToken(String text, String sha256, String kid, Instant expiresAt) {

  @Override
  public String toString() {
    return "SignedToken[sha256=" + sha256 + ", kid=" + kid + ", expiresAt=" + expiresAt + "]";
  }
}
