package dev.writ.broker.keys;

import com.nimbusds.jose.crypto.utils.ECChecks;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.util.Base64URL;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Objects;
import java.util.Optional;
import org.bouncycastle.asn1.x9.X9ECParameters;
import org.bouncycastle.crypto.ec.CustomNamedCurves;
import org.bouncycastle.crypto.params.ECDomainParameters;

/** The one elliptic curve in use: NIST P-256, of agents' keys, token keys and certificates. */
public final class P256 {

  /** Bytes of a coordinate, of a scalar, and of each half of an ES256 signature. */
  public static final int FIELD_BYTES = 32;

  private static final ECParameterSpec SPEC =
      Objects.requireNonNull(Curve.P_256.toECParameterSpec());
  private static final X9ECParameters BC = CustomNamedCurves.getByName("secp256r1");

  private P256() {}

  /** A fresh pair, its private part outside the Java heap where {@link CryptoProvider} can. */
  public static KeyPair generate() {
    try {
      KeyPairGenerator generator =
          KeyPairGenerator.getInstance("EC", CryptoProvider.install().ec());
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new KeyException("No P-256 key can be generated", e);
    }
  }

  /** The public key with these coordinates, if they are a point of the curve. */
  public static Optional<ECPublicKey> publicKey(BigInteger x, BigInteger y) {
    if (!ECChecks.isPointOnCurve(x, y, SPEC)) {
      return Optional.empty();
    }
    try {
      KeyFactory factory = KeyFactory.getInstance("EC", CryptoProvider.install().ec());
      return Optional.of(
          (ECPublicKey) factory.generatePublic(new ECPublicKeySpec(new ECPoint(x, y), SPEC)));
    } catch (GeneralSecurityException e) {
      return Optional.empty();
    }
  }

  /** The key if it is an EC key of exactly this curve and a point on it. */
  public static Optional<ECPublicKey> of(PublicKey key) {
    if (!(key instanceof ECPublicKey ec)
        || !Curve.P_256.equals(Curve.forECParameterSpec(ec.getParams()))) {
      return Optional.empty();
    }
    return publicKey(ec.getW().getAffineX(), ec.getW().getAffineY());
  }

  /** RFC 7638 thumbprint with SHA-256 (the {@code jkt} of RFC 9449), 43 characters. */
  public static String thumbprint(ECPublicKey key) {
    return thumbprint(
        Base64URL.encode(fieldElement(key.getW().getAffineX())).toString(),
        Base64URL.encode(fieldElement(key.getW().getAffineY())).toString());
  }

  /** The same from coordinates that are already canonical base64url. */
  public static String thumbprint(String x, String y) {
    String members = "{\"crv\":\"P-256\",\"kty\":\"EC\",\"x\":\"" + x + "\",\"y\":\"" + y + "\"}";
    return Digests.sha256Base64Url(members.getBytes(StandardCharsets.US_ASCII));
  }

  /** The public JWK, for {@code use}, {@code kid} and certificates to be added. */
  public static ECKey.Builder jwk(ECPublicKey key) {
    return new ECKey.Builder(Curve.P_256, key);
  }

  static boolean isCurve(ECDomainParameters parameters) {
    return parameters.getCurve().getField().equals(BC.getCurve().getField())
        && parameters.getCurve().getA().toBigInteger().equals(BC.getCurve().getA().toBigInteger())
        && parameters.getCurve().getB().toBigInteger().equals(BC.getCurve().getB().toBigInteger())
        && parameters.getN().equals(BC.getN())
        && parameters
            .getG()
            .getAffineXCoord()
            .toBigInteger()
            .equals(BC.getG().getAffineXCoord().toBigInteger());
  }

  static PrivateKey privateKey(byte[] pkcs8) {
    try {
      return KeyFactory.getInstance("EC", CryptoProvider.install().ec())
          .generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
    } catch (GeneralSecurityException e) {
      throw new KeyException("A sealed key holds no P-256 private key", e);
    }
  }

  private static byte[] fieldElement(BigInteger value) {
    byte[] bytes = value.toByteArray();
    byte[] fixed = new byte[FIELD_BYTES];
    int from = Math.max(0, bytes.length - FIELD_BYTES);
    int length = bytes.length - from;
    System.arraycopy(bytes, from, fixed, FIELD_BYTES - length, length);
    return fixed;
  }
}
