package dev.writ.broker.keys;

import java.security.KeyPair;
import java.time.Instant;

/** Keys for tests, here and in other packages. */
public final class TestKeys {

  private TestKeys() {}

  /** An envelope key that ends with the process. */
  public static Sealer sealer() {
    return EnvelopeFile.ephemeral();
  }

  /** A fresh token key, sealed under a key that nobody keeps. */
  public static TokenKey tokenKey(KeySlot slot, Instant now) {
    return TokenKey.generate(slot, sealer(), now);
  }

  /** The token key of this pair, for tests that forge by the same pair. */
  public static TokenKey tokenKey(KeySlot slot, KeyPair pair, Instant now) {
    byte[] certificate = SelfSignedCertificate.of(pair, slot, now);
    String kid = VerificationKey.ofCertificate(certificate).kid();
    Sealer sealer = sealer();
    byte[] sealed = sealer.seal(pair.getPrivate().getEncoded(), TokenKey.context(slot, kid));
    return TokenKey.open(slot, certificate, sealed, sealer);
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
