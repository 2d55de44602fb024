package dev.writ.broker.keys;

/**
 * A kind of place where long-lived keys are kept. Found by {@link java.util.ServiceLoader}; one per
 * scheme. The provider reads the {@link KeyRef#location()} as it likes (a path; a mount, a name and
 * a version).
 */
public interface KeyProvider {

  /** The scheme of the {@link KeyRef}s that it knows, for instance {@code file}. */
  String scheme();

  /**
   * @throws KeyException if there is no such key, or it is no signing key
   */
  Signer signer(KeyRef ref);

  /**
   * @throws KeyException if there is no such key, or it is no envelope key
   */
  Sealer sealer(KeyRef ref);
}
