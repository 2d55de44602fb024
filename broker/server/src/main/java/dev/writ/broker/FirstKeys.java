package dev.writ.broker;

import dev.writ.broker.config.Config;
import dev.writ.broker.keys.CryptoProvider;
import dev.writ.broker.keys.KeyProviders;
import dev.writ.broker.keys.KeySettings;
import dev.writ.broker.keys.NodeTokens;
import dev.writ.broker.keys.Sealer;

/**
 * What a node needs before it can read anything: where keys are kept, and the envelope key.
 *
 * @param providers to be closed by whoever loaded them
 */
record FirstKeys(KeyProviders providers, Sealer envelope) {

  /**
   * @param node what a provider of keys may ask for, once there is a key to sign it
   * @throws dev.writ.broker.keys.KeyException if one of them cannot be had
   */
  static FirstKeys load(Config config, NodeTokens node) {
    CryptoProvider.install();
    KeyProviders providers = KeyProviders.load(new KeySettings(config.vault(), node));
    try {
      config.keys().root().forEach(providers::signer);
      return new FirstKeys(providers, providers.sealer(config.keys().envelope()));
    } catch (RuntimeException unusable) {
      providers.close();
      throw unusable;
    }
  }
}
