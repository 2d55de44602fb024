package dev.writ.broker.keys;

import java.security.PublicKey;

/**
 * One version of one long-lived signing key, wherever it is. Safe for use by many threads; may
 * block on a remote service.
 */
public interface Signer {

  /**
   * SHA-256 of the public key's SubjectPublicKeyInfo in lower-case hex: the same for the same key
   * wherever it is kept, another one for another version.
   */
  String id();

  PublicKey publicKey();

  SignatureAlgorithm algorithm();

  /**
   * Whether {@link #id()}, {@link #publicKey()} and {@link #algorithm()} answer at once. A key that
   * is to be had only by a node that serves already is first looked at when it is first used.
   */
  default boolean isKnown() {
    return true;
  }

  /** Whether nothing that it signed is to be used any more, and no other key took its place. */
  default boolean isGivenUp() {
    return false;
  }

  /**
   * Signs the message itself (not a digest of it).
   *
   * @return the signature in the encoding that {@link SignatureAlgorithm} gives
   * @throws KeyException if the key cannot be used now
   */
  byte[] sign(byte[] message);
}
