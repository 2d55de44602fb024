package dev.writ.broker.keys;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.util.Base64;
import java.io.ByteArrayInputStream;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.util.List;

/**
 * The public half of a token key: all that stays of it once it is retired. Its self-signed
 * certificate carries everything, so that is what is stored.
 */
public final class VerificationKey {

  private final String kid;
  private final ECPublicKey publicKey;
  private final byte[] certificate;
  private final ECKey jwk;
  private final Es256Verifier verifier;

  private VerificationKey(ECPublicKey publicKey, byte[] certificate) {
    this.publicKey = publicKey;
    this.certificate = certificate;
    this.kid = P256.thumbprint(publicKey);
    this.verifier = new Es256Verifier(publicKey);
    this.jwk =
        P256.jwk(publicKey)
            .keyID(kid)
            .keyUse(KeyUse.SIGNATURE)
            .algorithm(JWSAlgorithm.ES256)
            .x509CertChain(List.of(Base64.encode(certificate)))
            .build();
  }

  /**
   * Reads a stored certificate.
   *
   * @throws KeyException if it is no certificate of a P-256 key
   */
  public static VerificationKey ofCertificate(byte[] der) {
    try {
      X509Certificate parsed =
          (X509Certificate)
              CertificateFactory.getInstance("X.509")
                  .generateCertificate(new ByteArrayInputStream(der));
      ECPublicKey key =
          P256.of(parsed.getPublicKey())
              .orElseThrow(() -> new KeyException("The certificate is not of a P-256 key"));
      return new VerificationKey(key, parsed.getEncoded());
    } catch (CertificateEncodingException e) {
      throw new KeyException("The certificate of a token key cannot be encoded", e);
    } catch (CertificateException e) {
      throw new KeyException("No certificate of a token key", e);
    }
  }

  /** RFC 7638 thumbprint of the public key. */
  public String kid() {
    return kid;
  }

  public ECPublicKey publicKey() {
    return publicKey;
  }

  /** DER of the one self-signed certificate. */
  public byte[] certificate() {
    return certificate.clone();
  }

  /** The public JWK with {@code kid}, {@code use: sig}, {@code alg: ES256} and {@code x5c}. */
  public ECKey jwk() {
    return jwk;
  }

  /** Whether this key made that signature (base64url of r and s) over the signing input. */
  public boolean verifies(byte[] signingInput, String signature) {
    return verifier.verify(signingInput, signature);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof VerificationKey key && key.kid.equals(kid);
  }

  @Override
  public int hashCode() {
    return kid.hashCode();
  }

  @Override
  public String toString() {
    return "VerificationKey[" + kid + "]";
  }
}
