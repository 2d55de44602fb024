package dev.writ.broker.trust;

import dev.writ.broker.keys.Digests;
import dev.writ.broker.keys.KeyException;
import dev.writ.broker.keys.P256;
import dev.writ.broker.keys.SignatureAlgorithm;
import dev.writ.broker.keys.Signer;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PublicKey;
import java.security.Signature;

/** A P-256 key that ends with the process: an intermediate's. */
final class MemoryKey implements Signer {

  private final KeyPair pair;
  private final String id;

  private MemoryKey(KeyPair pair) {
    this.pair = pair;
    this.id = Digests.sha256Hex(pair.getPublic().getEncoded());
  }

  static MemoryKey generate() {
    return new MemoryKey(P256.generate());
  }

  @Override
  public String id() {
    return id;
  }

  @Override
  public PublicKey publicKey() {
    return pair.getPublic();
  }

  @Override
  public SignatureAlgorithm algorithm() {
    return SignatureAlgorithm.ES256;
  }

  @Override
  public byte[] sign(byte[] message) {
    try {
      Signature signature = Signature.getInstance(algorithm().jcaName());
      signature.initSign(pair.getPrivate());
      signature.update(message);
      return signature.sign();
    } catch (GeneralSecurityException e) {
      throw new KeyException("The intermediate's key cannot sign", e);
    }
  }

  @Override
  public String toString() {
    return "MemoryKey[" + id + "]";
  }
}
