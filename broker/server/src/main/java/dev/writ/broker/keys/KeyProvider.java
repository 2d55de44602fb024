package dev.writ.broker.keys;

import java.util.List;

/**
 * A kind of place where long-lived keys are kept. Found by {@link java.util.ServiceLoader}; one per
 * scheme. The provider reads the {@link KeyRef#location()} as it likes (a path; a mount, a name and
 * a version). Safe for use by many threads.
 */
public interface KeyProvider extends AutoCloseable {

  /** The scheme of the {@link KeyRef}s that it knows, for instance {@code file}. */
  String scheme();

  /** Called once, before any key is asked for. Must not block, nor fail. */
  default void configure(KeySettings settings) {}

  /**
   * @throws KeyException if there is no such key, or it is no signing key
   */
  Signer signer(KeyRef ref);

  /**
   * Every version of a signing key that is there now, oldest first; at least one.
   *
   * @throws KeyException as {@link #signer}
   */
  default List<Signer> versions(KeyRef ref) {
    return List.of(signer(ref));
  }

  /**
   * Makes the version of a signing key that follows the newest one, of the same kind.
   *
   * @throws KeyException if that is for people to do; it says how
   */
  default Signer successor(KeyRef ref) {
    throw new KeyException(
        ref
            + ": the next key is made where this one is kept. Make it, name it in the configuration of every"
            + " node beside this one, restart the nodes one by one, and rotate again.");
  }

  /**
   * @throws KeyException if there is no such key, or it is no envelope key
   */
  Sealer sealer(KeyRef ref);

  /**
   * Makes the next version of an envelope key. Sealers that there are, on every node, seal by it
   * from then on, and go on to open what older versions sealed.
   *
   * @throws KeyException if that is for people to do; it says how
   */
  default void renew(KeyRef ref) {
    throw new KeyException(
        ref + ": its next version is made where it is kept. Make it there, and rotate again.");
  }

  /**
   * Gives up every version of an envelope key but the newest, after everything was sealed anew.
   *
   * @throws KeyException if that is for people to do; it says how
   */
  default void forgetOlder(KeyRef ref) {
    throw new KeyException(
        ref + ": its older versions are given up where it is kept. Nothing needs them any more.");
  }

  /** Gives back what it holds elsewhere. Its keys are not used any more. */
  @Override
  default void close() {}
}
