package dev.writ.pkcs11;

import dev.writ.broker.keys.Digests;
import dev.writ.broker.keys.KeyException;
import dev.writ.broker.keys.SignatureAlgorithm;
import dev.writ.broker.keys.Signer;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.PublicKey;
import java.util.Arrays;

/**
 * A private key in a token. What it signed is verified by the public key beside it, so that halves
 * that do not belong together are noticed at the start.
 */
final class Pkcs11Signer implements Signer {
  private static final int HALF = 32;
  private static final byte[] PROBE = "writ".getBytes(StandardCharsets.US_ASCII);

  private final TokenKey key;
  private final PublicHalf half;
  private final String id;

  private Pkcs11Signer(TokenKey key, PublicHalf half) {
    this.key = key;
    this.half = half;
    this.id = Digests.sha256Hex(half.key().getEncoded());
  }

  /**
   * @throws KeyException if it cannot be used
   */
  static Pkcs11Signer open(TokenKey key) {
    Pkcs11Signer signer = new Pkcs11Signer(key, PublicHalf.of(key));
    signer.sign(PROBE);
    return signer;
  }

  @Override
  public String id() {
    return id;
  }

  @Override
  public PublicKey publicKey() {
    return half.key();
  }

  @Override
  public SignatureAlgorithm algorithm() {
    return half.algorithm();
  }

  @Override
  public byte[] sign(byte[] message) {
    byte[] signature =
        switch (half.algorithm()) {
          case RS256 -> sign(Mechanism.SHA256_RSA_PKCS, message);
          case ES256 -> der(sign(Mechanism.ECDSA, Digests.sha256(message)));
          case ED25519 -> sign(Mechanism.EDDSA, message);
        };
    if (!half.algorithm().verifies(half.key(), message, signature)) {
      throw key.refused(Trouble.NO_PUBLIC_KEY, "the one with its id or label is another's");
    }
    return signature;
  }

  private byte[] sign(Mechanism mechanism, byte[] data) {
    return key.use((module, session, object) -> module.sign(session, mechanism, object, data));
  }

  /** r and s as the SEQUENCE of two INTEGERs that X9.62 wants. */
  private byte[] der(byte[] raw) {
    if (raw.length != 2 * HALF) {
      throw key.refused(Trouble.FAILED, "a signature of " + raw.length + " bytes");
    }
    byte[] r = new BigInteger(1, Arrays.copyOf(raw, HALF)).toByteArray();
    byte[] s = new BigInteger(1, Arrays.copyOfRange(raw, HALF, raw.length)).toByteArray();
    byte[] der = new byte[6 + r.length + s.length];
    der[0] = 0x30;
    der[1] = (byte) (4 + r.length + s.length);
    integer(r, der, 2);
    integer(s, der, 4 + r.length);
    return der;
  }

  private static void integer(byte[] number, byte[] der, int at) {
    der[at] = 0x02;
    der[at + 1] = (byte) number.length;
    System.arraycopy(number, 0, der, at + 2, number.length);
  }

  @Override
  public String toString() {
    return "Pkcs11Signer[" + key.uri() + ", " + half.algorithm() + " " + id + "]";
  }
}
