package dev.writ.broker.keys;

import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.crypto.params.AsymmetricKeyParameter;
import org.bouncycastle.crypto.params.ECPrivateKeyParameters;
import org.bouncycastle.crypto.params.ECPublicKeyParameters;
import org.bouncycastle.crypto.params.Ed25519PrivateKeyParameters;
import org.bouncycastle.crypto.params.RSAKeyParameters;
import org.bouncycastle.crypto.params.RSAPrivateCrtKeyParameters;
import org.bouncycastle.crypto.util.PrivateKeyFactory;
import org.bouncycastle.crypto.util.SubjectPublicKeyInfoFactory;
import org.bouncycastle.math.ec.FixedPointCombMultiplier;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.util.io.pem.PemObject;
import org.bouncycastle.util.io.pem.PemWriter;

/**
 * A private key read from PKCS#8, SEC1 or PKCS#1 PEM: EC P-256, RSA of at least 2048 bits, Ed25519.
 */
final class PemPrivateKey implements Signer {

  private static final int RSA_BITS_MIN = 2_048;
  private static final int RSA_BITS_MAX = 8_192;

  private final PrivateKey privateKey;
  private final PublicKey publicKey;
  private final SignatureAlgorithm algorithm;
  private final String id;

  private PemPrivateKey(PrivateKey privateKey, PublicKey publicKey, SignatureAlgorithm algorithm) {
    this.privateKey = privateKey;
    this.publicKey = publicKey;
    this.algorithm = algorithm;
    this.id = Digests.sha256Hex(publicKey.getEncoded());
  }

  /** The text of a fresh P-256 key file. */
  static String generate() {
    StringWriter text = new StringWriter();
    try (PemWriter pem = new PemWriter(text)) {
      pem.writeObject(new PemObject("PRIVATE KEY", P256.generate().getPrivate().getEncoded()));
    } catch (IOException e) {
      throw new KeyException("A fresh key cannot be written", e);
    }
    return text.toString();
  }

  static PemPrivateKey parse(String text, String name) {
    try (PEMParser parser = new PEMParser(new StringReader(text))) {
      Object block = parser.readObject();
      if (block instanceof ASN1ObjectIdentifier) {
        block = parser.readObject(); // openssl ecparam writes the curve's name before the key
      }
      PrivateKeyInfo info =
          switch (block) {
            case PrivateKeyInfo pkcs8 -> pkcs8;
            case PEMKeyPair pair -> pair.getPrivateKeyInfo();
            case null, default -> throw unreadable(name);
          };
      return of(info, name);
    } catch (IOException | GeneralSecurityException | IllegalArgumentException e) {
      throw unreadable(name);
    }
  }

  @Override
  public String id() {
    return id;
  }

  @Override
  public PublicKey publicKey() {
    return publicKey;
  }

  @Override
  public SignatureAlgorithm algorithm() {
    return algorithm;
  }

  @Override
  public byte[] sign(byte[] message) {
    try {
      Signature signature = Signature.getInstance(algorithm.jcaName());
      signature.initSign(privateKey);
      signature.update(message);
      return signature.sign();
    } catch (GeneralSecurityException e) {
      throw new KeyException("The key " + id + " cannot sign", e);
    }
  }

  KeyPair pair() {
    return new KeyPair(publicKey, privateKey);
  }

  @Override
  public String toString() {
    return "PemPrivateKey[" + algorithm + " " + id + "]";
  }

  private static PemPrivateKey of(PrivateKeyInfo info, String name)
      throws IOException, GeneralSecurityException {
    AsymmetricKeyParameter parameters = PrivateKeyFactory.createKey(info);
    return switch (parameters) {
      case ECPrivateKeyParameters ec when P256.isCurve(ec.getParameters()) ->
          build(info, "EC", SignatureAlgorithm.ES256, publicOf(ec));
      case RSAPrivateCrtKeyParameters rsa
          when rsa.getModulus().bitLength() >= RSA_BITS_MIN
              && rsa.getModulus().bitLength() <= RSA_BITS_MAX ->
          build(
              info,
              "RSA",
              SignatureAlgorithm.RS256,
              new RSAKeyParameters(false, rsa.getModulus(), rsa.getPublicExponent()));
      case Ed25519PrivateKeyParameters ed ->
          build(info, "Ed25519", SignatureAlgorithm.ED25519, ed.generatePublicKey());
      default -> throw unreadable(name);
    };
  }

  private static AsymmetricKeyParameter publicOf(ECPrivateKeyParameters ec) {
    return new ECPublicKeyParameters(
        new FixedPointCombMultiplier().multiply(ec.getParameters().getG(), ec.getD()),
        ec.getParameters());
  }

  private static PemPrivateKey build(
      PrivateKeyInfo info, String jcaName, SignatureAlgorithm algorithm, AsymmetricKeyParameter pub)
      throws IOException, GeneralSecurityException {
    SubjectPublicKeyInfo spki = SubjectPublicKeyInfoFactory.createSubjectPublicKeyInfo(pub);
    KeyFactory factory = KeyFactory.getInstance(jcaName);
    return new PemPrivateKey(
        factory.generatePrivate(new PKCS8EncodedKeySpec(info.getEncoded())),
        factory.generatePublic(new X509EncodedKeySpec(spki.getEncoded())),
        algorithm);
  }

  /** Without the cause, whose message may quote the file. */
  private static KeyException unreadable(String name) {
    return new KeyException(
        name
            + ": no private key that can be used; allowed are unencrypted PEM (PKCS#8, SEC1 or"
            + " PKCS#1) of EC P-256, RSA of "
            + RSA_BITS_MIN
            + " to "
            + RSA_BITS_MAX
            + " bits, or Ed25519. Make one: openssl genpkey -algorithm EC -pkeyopt"
            + " ec_paramgen_curve:P-256");
  }
}
