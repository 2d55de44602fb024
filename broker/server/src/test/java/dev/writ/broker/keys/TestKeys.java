package dev.writ.broker.keys;

import java.time.Instant;

/** Keys for tests, here and in other packages. */
public final class TestKeys {

  private TestKeys() {}

  /** An envelope key that ends with the process. */
  public static Sealer sealer() {
    return EnvelopeKey.ephemeral();
  }

  /** A fresh token key, sealed under a key that nobody keeps. */
  public static TokenKey tokenKey(KeySlot slot, Instant now) {
    return TokenKey.generate(slot, sealer(), now);
  }

  /** A ring of one fresh key. */
  public static KeyRing ring(KeySlot slot, Instant now) {
    return ring(tokenKey(slot, now), now);
  }

  /** A ring of this one key. */
  public static KeyRing ring(TokenKey key, Instant now) {
    return KeyRing.of(KeySchedule.first(key.slot(), key.verification(), now), key);
  }

  /** A P-256 signer in memory, for instance for a root. */
  public static Signer signer() {
    return PemPrivateKey.parse(PemPrivateKey.generate(), "test");
  }

  /** The same for a key in PEM. */
  public static Signer signer(String pem) {
    return PemPrivateKey.parse(pem, "test");
  }
}
