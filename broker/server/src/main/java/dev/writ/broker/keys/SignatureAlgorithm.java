package dev.writ.broker.keys;

import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.Signature;

/** What a long-lived key signs with; Vault's transit engine and PKCS#11 know the same three. */
public enum SignatureAlgorithm {
  /** ECDSA on P-256 with SHA-256. A signature is the DER sequence of r and s (X9.62). */
  ES256("SHA256withECDSA"),
  /** RSASSA-PKCS1-v1_5 with SHA-256. */
  RS256("SHA256withRSA"),
  /** Ed25519 (RFC 8032). A signature is 64 raw bytes. */
  ED25519("Ed25519");

  private final String jcaName;

  SignatureAlgorithm(String jcaName) {
    this.jcaName = jcaName;
  }

  /** The name that the JCA and Bouncy Castle know it by. */
  public String jcaName() {
    return jcaName;
  }

  /** Whether it is this key's signature of the message; what cannot be one is not. */
  public boolean verifies(PublicKey key, byte[] message, byte[] signature) {
    try {
      Signature check = Signature.getInstance(jcaName);
      check.initVerify(key);
      check.update(message);
      return check.verify(signature);
    } catch (GeneralSecurityException malformed) {
      return false;
    }
  }
}
