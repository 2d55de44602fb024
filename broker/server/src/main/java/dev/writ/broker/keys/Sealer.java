package dev.writ.broker.keys;

import java.util.Optional;

/**
 * One long-lived envelope key: authenticated encryption of what the database keeps. Safe for use by
 * many threads; may block on a remote service.
 */
public interface Sealer {

  /** Names the key without revealing anything about it; stays while the key's versions rotate. */
  String id();

  /**
   * Encrypts so that only {@link #open} with the same context gives the plaintext back.
   *
   * @param context authenticated, not secret: says what the plaintext is, so that one sealed value
   *     cannot stand in for another
   */
  byte[] seal(byte[] plaintext, byte[] context);

  /**
   * @throws KeyException if it was sealed by another key or for another context, or was altered
   */
  byte[] open(byte[] sealed, byte[] context);

  /**
   * Looks for the newest version of the key now, and seals by it from then on. What it knew before
   * may be some seconds old.
   *
   * @throws KeyException if it cannot be asked for
   */
  default void lookForNewest() {}

  /**
   * The same plaintext under the newest version of the key, for the same context. After everything
   * that is kept went through this, older versions are not needed any more.
   *
   * @return empty if the newest version sealed it already
   * @throws KeyException as {@link #open} and {@link #seal}
   */
  Optional<byte[]> reseal(byte[] sealed, byte[] context);
}
