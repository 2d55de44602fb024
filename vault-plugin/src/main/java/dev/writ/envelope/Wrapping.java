package dev.writ.envelope;

/**
 * The envelope key where it is kept. Every call may go there; all throw {@link
 * dev.writ.broker.keys.KeyException} when it cannot be used, saying why and what to do.
 */
public interface Wrapping {

  /** As {@link dev.writ.broker.keys.Sealer#id()}. */
  String id();

  /** A new data key under the newest version. */
  DataKey fresh();

  /** The plaintext of a data key that any version wrapped. */
  byte[] unwrap(byte[] wrapped);

  /** The newest version there is. */
  int newest();
}
