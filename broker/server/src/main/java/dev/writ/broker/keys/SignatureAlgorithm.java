package dev.writ.broker.keys;

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
}
