package dev.writ;

import dev.writ.fixtures.keys.Pem;
import dev.writ.fixtures.secrets.Secrets;
import java.io.IOException;
import java.io.StringReader;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.RSAPublicKeySpec;
import java.util.Base64;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;

/** The keys of a deployment that are to stay where they are, known here to be searched for. */
public record LongLivedKeys(PrivateKey root, PrivateKey app, byte[] envelope) {

  public static LongLivedKeys generate() throws GeneralSecurityException {
    KeyPairGenerator ec = KeyPairGenerator.getInstance("EC");
    ec.initialize(new ECGenParameterSpec("secp256r1"));
    KeyPairGenerator rsa = KeyPairGenerator.getInstance("RSA");
    rsa.initialize(2048);
    byte[] envelope = new byte[32];
    new SecureRandom().nextBytes(envelope);
    return new LongLivedKeys(
        ec.generateKeyPair().getPrivate(), rsa.generateKeyPair().getPrivate(), envelope);
  }

  /** As Vault exports them: SEC1, PKCS#1, base64. */
  public static LongLivedKeys of(String rootPem, String appPem, String envelopeBase64)
      throws IOException {
    return new LongLivedKeys(
        pair(rootPem).getPrivate(),
        pair(appPem).getPrivate(),
        Base64.getDecoder().decode(envelopeBase64));
  }

  private static KeyPair pair(String pem) throws IOException {
    try (PEMParser parser = new PEMParser(new StringReader(pem))) {
      return new JcaPEMKeyConverter().getKeyPair((PEMKeyPair) parser.readObject());
    }
  }

  String rootPem() {
    return Pem.write("PRIVATE KEY", root.getEncoded());
  }

  String appPem() {
    return Pem.write("PRIVATE KEY", app.getEncoded());
  }

  String envelopeBase64() {
    return Base64.getEncoder().encodeToString(envelope);
  }

  PublicKey appPublicKey() throws GeneralSecurityException {
    RSAPrivateCrtKey key = (RSAPrivateCrtKey) app;
    return KeyFactory.getInstance("RSA")
        .generatePublic(new RSAPublicKeySpec(key.getModulus(), key.getPublicExponent()));
  }

  /**
   * Everything by which they could be known: their encodings, and each secret number as Java writes
   * it, as a heap of this machine holds a BigInteger's words, and as C libraries hold theirs.
   */
  Secrets secrets() {
    Secrets all = new Secrets();
    all.key("root", root).key("App", app).bytes("envelope", envelope);
    number(all, "root", ((ECPrivateKey) root).getS());
    RSAPrivateCrtKey rsa = (RSAPrivateCrtKey) app;
    number(all, "App", rsa.getPrivateExponent());
    number(all, "App", rsa.getPrimeP());
    number(all, "App", rsa.getPrimeQ());
    number(all, "App", rsa.getPrimeExponentP());
    number(all, "App", rsa.getPrimeExponentQ());
    return all;
  }

  private static void number(Secrets all, String name, BigInteger number) {
    byte[] big = number.toByteArray();
    int sign = big[0] == 0 ? 1 : 0;
    byte[] magnitude = java.util.Arrays.copyOfRange(big, sign, big.length);
    byte[] reversed = new byte[magnitude.length];
    for (int i = 0; i < magnitude.length; i++) {
      reversed[i] = magnitude[magnitude.length - 1 - i];
    }
    byte[] words = new byte[magnitude.length / 4 * 4];
    for (int i = 0; i < words.length; i++) {
      words[i] = magnitude[magnitude.length % 4 + i / 4 * 4 + 3 - i % 4];
    }
    all.bytes(name, magnitude).bytes(name, reversed).bytes(name, words);
  }

  @Override
  public String toString() {
    return "LongLivedKeys[…]";
  }
}
