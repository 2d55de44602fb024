package dev.writ.broker.trust;

import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.util.Base64;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jose.util.JSONObjectUtils;
import dev.writ.broker.keys.KeyException;
import dev.writ.broker.keys.P256;
import dev.writ.broker.keys.VerificationKey;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.EdECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What others need to verify this trust domain's SVIDs (SPIFFE Trust Domain and Bundle, section 4).
 *
 * @param roots X.509 authorities
 * @param tokenKeys keys of JWT-SVIDs, in the order of publication
 * @param sequence grows with every change
 * @param refreshHint how often to look for changes
 */
public record TrustBundle(
    List<X509Certificate> roots,
    List<VerificationKey> tokenKeys,
    long sequence,
    Duration refreshHint) {

  private static final KeyUse X509_SVID = new KeyUse("x509-svid");
  private static final KeyUse JWT_SVID = new KeyUse("jwt-svid");
  private static final int ED25519_BYTES = 32;

  public TrustBundle {
    roots = List.copyOf(roots);
    tokenKeys = List.copyOf(tokenKeys);
  }

  /** The bundle as a JWK set in JSON. */
  public String json() {
    List<Map<String, Object>> keys = new ArrayList<>();
    roots.forEach(root -> keys.add(x509(root).toJSONObject()));
    tokenKeys.forEach(key -> keys.add(jwt(key).toJSONObject()));
    Map<String, Object> bundle = new LinkedHashMap<>();
    bundle.put("keys", keys);
    bundle.put("spiffe_sequence", sequence);
    bundle.put("spiffe_refresh_hint", refreshHint.toSeconds());
    return JSONObjectUtils.toJSONString(bundle);
  }

  /** The X.509 authorities as PEM, for TLS clients. */
  public String pem() {
    return Certificates.pem(roots);
  }

  private static JWK jwt(VerificationKey key) {
    return P256.jwk(key.publicKey()).keyID(key.kid()).keyUse(JWT_SVID).build();
  }

  private static JWK x509(X509Certificate root) {
    List<Base64> chain = List.of(Base64.encode(Certificates.der(root)));
    PublicKey key = root.getPublicKey();
    return switch (key) {
      case ECPublicKey ec -> ecBuilder(ec).keyUse(X509_SVID).x509CertChain(chain).build();
      case RSAPublicKey rsa ->
          new RSAKey.Builder(rsa).keyUse(X509_SVID).x509CertChain(chain).build();
      case EdECPublicKey ed -> ed25519(ed).keyUse(X509_SVID).x509CertChain(chain).build();
      default -> throw new KeyException("A root of an unknown kind of key: " + key.getAlgorithm());
    };
  }

  private static ECKey.Builder ecBuilder(ECPublicKey key) {
    return P256.jwk(
        P256.of(key).orElseThrow(() -> new KeyException("An EC root that is not on P-256")));
  }

  /** RFC 8410: the 32 bytes are the end of the encoding. */
  private static OctetKeyPair.Builder ed25519(EdECPublicKey key) {
    byte[] encoded = key.getEncoded();
    byte[] raw = new byte[ED25519_BYTES];
    System.arraycopy(encoded, encoded.length - ED25519_BYTES, raw, 0, ED25519_BYTES);
    return new OctetKeyPair.Builder(Curve.Ed25519, Base64URL.encode(raw));
  }
}
