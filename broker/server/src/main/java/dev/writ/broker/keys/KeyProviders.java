package dev.writ.broker.keys;

import java.util.List;
import java.util.ServiceLoader;
import java.util.SortedMap;
import java.util.TreeMap;

/** All kinds of places for long-lived keys that this installation knows. */
public final class KeyProviders implements AutoCloseable {

  private final SortedMap<String, KeyProvider> byScheme = new TreeMap<>();

  private KeyProviders() {}

  /** Finds every provider on the class path, where nothing is configured for any. */
  public static KeyProviders load() {
    return load(KeySettings.NONE);
  }

  /** Finds every provider on the class path. */
  public static KeyProviders load(KeySettings settings) {
    KeyProviders providers = new KeyProviders();
    for (KeyProvider provider : ServiceLoader.load(KeyProvider.class)) {
      provider.configure(settings);
      KeyProvider other = providers.byScheme.putIfAbsent(provider.scheme(), provider);
      if (other != null) {
        throw new KeyException(
            "Two providers claim keys of the scheme %s: %s and %s; leave one on the class path"
                .formatted(
                    provider.scheme(), other.getClass().getName(), provider.getClass().getName()));
      }
    }
    return providers;
  }

  /**
   * @throws KeyException if the scheme is unknown or the key cannot be had
   */
  public Signer signer(KeyRef ref) {
    return provider(ref).signer(ref);
  }

  /**
   * Every version that is there now, oldest first.
   *
   * @throws KeyException if the scheme is unknown or the key cannot be had
   */
  public List<Signer> versions(KeyRef ref) {
    return provider(ref).versions(ref);
  }

  /**
   * Makes the next version.
   *
   * @throws KeyException if the scheme is unknown, or that is for people to do
   */
  public Signer successor(KeyRef ref) {
    return provider(ref).successor(ref);
  }

  /**
   * @throws KeyException if the scheme is unknown or the key cannot be had
   */
  public Sealer sealer(KeyRef ref) {
    return provider(ref).sealer(ref);
  }

  /**
   * @throws KeyException as {@link KeyProvider#renew}
   */
  public void renew(KeyRef ref) {
    provider(ref).renew(ref);
  }

  /**
   * @throws KeyException as {@link KeyProvider#forgetOlder}
   */
  public void forgetOlder(KeyRef ref) {
    provider(ref).forgetOlder(ref);
  }

  @Override
  public void close() {
    byScheme.values().forEach(KeyProvider::close);
  }

  private KeyProvider provider(KeyRef ref) {
    KeyProvider provider = byScheme.get(ref.scheme());
    if (provider == null) {
      throw new KeyException(
          "%s: no provider for keys of the scheme %s; known here: %s"
              .formatted(ref, ref.scheme(), String.join(", ", byScheme.keySet())));
    }
    return provider;
  }
}
