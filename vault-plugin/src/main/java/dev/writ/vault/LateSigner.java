package dev.writ.vault;

import dev.writ.broker.keys.SignatureAlgorithm;
import dev.writ.broker.keys.Signer;
import java.security.PublicKey;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A signer that is looked for when it is first used: Vault asks this very broker who its node is,
 * which it cannot answer before it serves.
 */
final class LateSigner implements Signer {
  private final Supplier<Signer> opening;
  private volatile @Nullable Signer opened;

  LateSigner(Supplier<Signer> opening) {
    this.opening = opening;
  }

  @Override
  public boolean isKnown() {
    return opened != null;
  }

  @Override
  public String id() {
    return signer().id();
  }

  @Override
  public PublicKey publicKey() {
    return signer().publicKey();
  }

  @Override
  public SignatureAlgorithm algorithm() {
    return signer().algorithm();
  }

  @Override
  public byte[] sign(byte[] message) {
    return signer().sign(message);
  }

  /** Two that find it at once find the same. */
  private Signer signer() {
    Signer ready = opened;
    if (ready == null) {
      ready = opening.get();
      opened = ready;
    }
    return ready;
  }

  @Override
  public String toString() {
    Signer ready = opened;
    return ready == null ? "LateSigner[not used yet]" : ready.toString();
  }
}
