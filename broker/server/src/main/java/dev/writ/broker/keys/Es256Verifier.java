package dev.writ.broker.keys;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.util.Base64URL;
import java.security.interfaces.ECPublicKey;

/**
 * Checks ES256 signatures of one public key through Nimbus and the provider in use. Made once per
 * key, safe for use by many threads.
 */
public final class Es256Verifier {

  private static final JWSHeader ES256 = new JWSHeader(JWSAlgorithm.ES256);

  private final ECDSAVerifier verifier;

  public Es256Verifier(ECPublicKey key) {
    try {
      verifier = new ECDSAVerifier(key);
    } catch (JOSEException e) {
      throw new KeyException("No P-256 public key", e);
    }
    verifier.getJCAContext().setProvider(CryptoProvider.install().ec());
  }

  /**
   * @param signature r and s, 32 bytes each (RFC 7518 section 3.4), as base64url
   * @return false for anything but a good signature
   */
  public boolean verify(byte[] signingInput, String signature) {
    try {
      return verifier.verify(ES256, signingInput, new Base64URL(signature));
    } catch (JOSEException e) {
      return false;
    }
  }
}
