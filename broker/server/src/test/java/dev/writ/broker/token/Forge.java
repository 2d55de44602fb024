package dev.writ.broker.token;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import dev.writ.broker.keys.P256;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;

/** Signs whatever text stands for header and claims, well-formed or not. */
record Forge(KeyPair pair) {

  static Forge fresh() {
    return new Forge(P256.generate());
  }

  ECPublicKey publicKey() {
    return (ECPublicKey) pair.getPublic();
  }

  String jkt() {
    return P256.thumbprint(publicKey());
  }

  /** The public JWK as JSON. */
  String jwk() {
    return P256.jwk(publicKey()).build().toJSONString();
  }

  String sign(String header, String claims) {
    return signRaw(encode(header) + "." + encode(claims));
  }

  String signRaw(String signingInput) {
    try {
      return signingInput
          + "."
          + new ECDSASigner((ECPrivateKey) pair.getPrivate())
              .sign(
                  new JWSHeader(JWSAlgorithm.ES256),
                  signingInput.getBytes(StandardCharsets.ISO_8859_1));
    } catch (com.nimbusds.jose.JOSEException e) {
      throw new AssertionError(e);
    }
  }

  static String encode(String text) {
    return StrictBase64Url.encode(text.getBytes(StandardCharsets.UTF_8));
  }
}
