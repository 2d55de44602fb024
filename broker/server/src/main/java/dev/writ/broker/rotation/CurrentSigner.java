package dev.writ.broker.rotation;

import dev.writ.broker.authority.KeptKey;
import dev.writ.broker.authority.KeptKey.State;
import dev.writ.broker.authority.Snapshots;
import dev.writ.broker.keys.KeyException;
import dev.writ.broker.keys.SignatureAlgorithm;
import dev.writ.broker.keys.Signer;
import java.security.PublicKey;
import java.util.Optional;

/** Whichever key of a slot is used at the moment, as the deployment says. */
public final class CurrentSigner implements Signer {
  private final String slot;
  private final Snapshots snapshots;
  private final Custody custody;

  public CurrentSigner(String slot, Snapshots snapshots, Custody custody) {
    this.slot = slot;
    this.snapshots = snapshots;
    this.custody = custody;
  }

  private Signer now() {
    Optional<KeptKey> used = snapshots.current().kept(slot, State.CURRENT);
    if (snapshots.current().kept(slot).isEmpty()) {
      return custody.versions(slot).getLast(); // the one that the upkeep is about to take up
    }
    if (used.isEmpty()) {
      throw new KeyException(
          "No key is used for "
              + slot
              + " now: name a new one in the configuration and restart, or look at writ key status "
              + slot);
    }
    return custody
        .find(slot, used.get().id())
        .orElseThrow(() ->
            new KeyException(
                "The key that is used for " + slot + " cannot be had: " + used.get().id()));
  }

  @Override
  public String id() {
    return now().id();
  }

  @Override
  public boolean isKnown() {
    return snapshots
        .current()
        .kept(slot, State.CURRENT)
        .flatMap(key -> custody.find(slot, key.id()))
        .map(Signer::isKnown)
        .orElse(false);
  }

  @Override
  public boolean isGivenUp() {
    return snapshots.current().kept(slot, State.CURRENT).isEmpty()
        && !snapshots.current().kept(slot).isEmpty();
  }

  @Override
  public PublicKey publicKey() {
    return now().publicKey();
  }

  @Override
  public SignatureAlgorithm algorithm() {
    return now().algorithm();
  }

  @Override
  public byte[] sign(byte[] message) {
    return now().sign(message);
  }

  @Override
  public String toString() {
    return "CurrentSigner[" + slot + "]";
  }
}
