package dev.writ.broker.keycloak;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.impl.ECDSA;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.nimbusds.oauth2.sdk.auth.PrivateKeyJWT;
import dev.writ.broker.keys.Digests;
import dev.writ.broker.keys.KeyException;
import dev.writ.broker.keys.SignatureAlgorithm;
import dev.writ.broker.keys.Signer;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.UUID;

/**
 * Proves a client by its key (RFC 7523 section 2.2, {@code private_key_jwt}): there is no secret
 * that the realm knows, too.
 */
final class ClientAssertion {
  /** The realm takes each once, and at once. */
  private static final Duration LIFE = Duration.ofSeconds(30);

  private final String client;
  private final String realm;
  private final Signer key;

  /**
   * @param realm the URL that the realm calls itself by, its {@code iss}
   * @throws KeyException if the key is not for ES256
   */
  ClientAssertion(String client, String realm, Signer key) {
    if (key.algorithm() != SignatureAlgorithm.ES256) {
      throw new KeyException(
          "The key of the Keycloak client " + client + " must be a P-256 key (ES256)");
    }
    this.client = client;
    this.realm = realm;
    this.key = key;
  }

  /**
   * A fresh one.
   *
   * @throws KeyException if the key cannot be used now
   */
  PrivateKeyJWT make(Instant now) {
    // The kid that Keycloak derives from a key or certificate that was uploaded to it.
    JWSHeader header =
        new JWSHeader.Builder(JWSAlgorithm.ES256)
            .type(JOSEObjectType.JWT)
            .keyID(Digests.sha256Base64Url(key.publicKey().getEncoded()))
            .build();
    JWTClaimsSet claims =
        new JWTClaimsSet.Builder()
            .issuer(client)
            .subject(client)
            .audience(realm)
            .jwtID(UUID.randomUUID().toString())
            .issueTime(Date.from(now))
            .expirationTime(Date.from(now.plus(LIFE)))
            .build();
    SignedJWT unsigned = new SignedJWT(header, claims);
    byte[] der = key.sign(unsigned.getSigningInput());
    try {
      byte[] signature =
          ECDSA.transcodeSignatureToConcat(
              der, ECDSA.getSignatureByteArrayLength(JWSAlgorithm.ES256));
      return new PrivateKeyJWT(
          new SignedJWT(
              header.toBase64URL(),
              unsigned.getPayload().toBase64URL(),
              Base64URL.encode(signature)));
    } catch (JOSEException | ParseException broken) {
      throw new IllegalStateException("an assertion of our own cannot be written", broken);
    }
  }
}
