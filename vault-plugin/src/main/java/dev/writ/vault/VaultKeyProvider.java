package dev.writ.vault;

import dev.writ.broker.keys.KeyException;
import dev.writ.broker.keys.KeyProvider;
import dev.writ.broker.keys.KeyRef;
import dev.writ.broker.keys.KeySettings;
import dev.writ.broker.keys.Sealer;
import dev.writ.broker.keys.Signer;
import dev.writ.broker.keys.VaultSettings;
import dev.writ.envelope.DataKeySealer;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code vault:} keys. The first that is asked for logs in; one login serves all of them. */
public final class VaultKeyProvider implements KeyProvider {
  private KeySettings settings = KeySettings.NONE;
  private @Nullable Client client;

  /** For {@link java.util.ServiceLoader}. */
  public VaultKeyProvider() {}

  @Override
  public String scheme() {
    return "vault";
  }

  @Override
  public synchronized void configure(KeySettings settings) {
    this.settings = settings;
  }

  @Override
  public Signer signer(KeyRef ref) {
    VaultKeyRef key = VaultKeyRef.parse(ref);
    Client vault = client(ref);
    return isLate(vault)
        ? new LateSigner(() -> TransitSigner.open(vault, key))
        : TransitSigner.open(vault, key);
  }

  /** Those that Vault still has; only the one that is named, where a version is. */
  @Override
  public List<Signer> versions(KeyRef ref) {
    VaultKeyRef key = VaultKeyRef.parse(ref);
    return key.version().isPresent()
        ? List.of(signer(ref))
        : List.copyOf(TransitSigner.all(client(ref), key));
  }

  /** By {@code transit/keys/<name>/rotate}, if the broker's policy in Vault lets it. */
  @Override
  public Signer successor(KeyRef ref) {
    VaultKeyRef key = VaultKeyRef.parse(ref);
    client(ref).write(ref, key.path("keys") + "/rotate", Map.of());
    return TransitSigner.open(client(ref), key);
  }

  @Override
  public void renew(KeyRef ref) {
    VaultKeyRef key = VaultKeyRef.parse(ref);
    client(ref).write(ref, key.path("keys") + "/rotate", Map.of());
  }

  @Override
  public void forgetOlder(KeyRef ref) {
    VaultKeyRef key = VaultKeyRef.parse(ref);
    int newest = TransitKey.read(client(ref), key).newest();
    client(ref).write(ref, key.path("keys") + "/config", Map.of("min_decryption_version", newest));
  }

  @Override
  public Sealer sealer(KeyRef ref) {
    VaultKeyRef key = VaultKeyRef.parse(ref);
    Client vault = client(ref);
    if (isLate(vault)) {
      throw new KeyException(
          ref
              + ": cannot be the envelope key with vault.login.identity: a node has an identity only after it has its envelope. Use approle, kubernetes or jwt");
    }
    return new DataKeySealer(
        TransitWrapping.open(vault, key), DataKeySealer.Limits.DEFAULT, InstantSource.system());
  }

  private static boolean isLate(Client vault) {
    return vault.settings().login() instanceof VaultSettings.Identity;
  }

  private synchronized Client client(KeyRef ref) {
    Client ready = client;
    if (ready == null) {
      VaultSettings vault =
          settings
              .vault()
              .orElseThrow(() ->
                  new KeyException(
                      ref
                          + ": nothing says where Vault is: add the section vault to writ.yaml, with address and login"));
      ready = Client.open(vault, settings.node(), InstantSource.system());
      client = ready;
    }
    return ready;
  }

  @Override
  public synchronized void close() {
    if (client != null) {
      client.close();
      client = null;
    }
  }
}
