package dev.writ.broker.keys;

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
   * @throws KeyException if there is no such key, or it is no envelope key
   */
  Sealer sealer(KeyRef ref);

  /** Gives back what it holds elsewhere. Its keys are not used any more. */
  @Override
  default void close() {}
}
