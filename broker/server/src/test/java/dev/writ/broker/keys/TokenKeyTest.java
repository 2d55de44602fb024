package dev.writ.broker.keys;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.jwk.ECKey;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TokenKeyTest {

  private static final Instant NOW = Instant.parse("2026-11-23T10:00:00Z");
  private static final byte[] CLAIMS = "{\"sub\":\"a\"}".getBytes(StandardCharsets.US_ASCII);

  private final Sealer sealer = TestKeys.sealer();
  private final TokenKey key = TokenKey.generate(KeySlot.TOKEN, sealer, NOW);

  @Test
  void signs_what_a_plain_jose_library_verifies() throws Exception {
    JWSObject jws = JWSObject.parse(key.sign("at+jwt", CLAIMS));
    assertTrue(jws.verify(new ECDSAVerifier(key.verification().publicKey())));
    assertEquals(
        Map.of("alg", "ES256", "kid", key.kid(), "typ", "at+jwt"), jws.getHeader().toJSONObject());
    assertEquals("{\"sub\":\"a\"}", jws.getPayload().toString());
  }

  @Test
  void names_itself_by_the_thumbprint_of_rfc_7638() throws Exception {
    assertEquals(key.verification().jwk().computeThumbprint().toString(), key.kid());
  }

  @Test
  void publishes_exactly_one_self_signed_certificate_that_is_no_authority() throws Exception {
    ECKey jwk = key.verification().jwk();
    assertEquals(
        Set.of("kty", "crv", "x", "y", "kid", "use", "alg", "x5c"), jwk.toJSONObject().keySet());
    assertEquals("sig", jwk.getKeyUse().getValue());
    assertEquals("ES256", jwk.getAlgorithm().getName());
    assertEquals(1, jwk.getX509CertChain().size());
    X509Certificate certificate =
        (X509Certificate)
            CertificateFactory.getInstance("X.509")
                .generateCertificate(
                    new ByteArrayInputStream(jwk.getX509CertChain().get(0).decode()));
    certificate.verify(certificate.getPublicKey());
    assertEquals(-1, certificate.getBasicConstraints());
    assertArrayEquals(key.verification().certificate(), certificate.getEncoded());
  }

  @Test
  void opens_on_another_node_with_the_same_envelope_key() {
    byte[] certificate = key.verification().certificate();
    TokenKey opened = TokenKey.open(KeySlot.TOKEN, certificate, key.sealed(), sealer);
    assertEquals(key.kid(), opened.kid());
    assertTrue(verifies(opened.sign("JWT", CLAIMS)));
  }

  @Test
  void does_not_open_in_another_slot_or_under_another_certificate() {
    TokenKey other = TokenKey.generate(KeySlot.TOKEN, sealer, NOW);
    byte[] certificate = key.verification().certificate();
    byte[] sealed = key.sealed();
    assertThrows(KeyException.class, () -> TokenKey.open(KeySlot.STS, certificate, sealed, sealer));
    assertThrows(
        KeyException.class,
        () -> TokenKey.open(KeySlot.TOKEN, other.verification().certificate(), sealed, sealer));
    assertThrows(
        KeyException.class,
        () -> TokenKey.open(KeySlot.TOKEN, certificate, sealed, TestKeys.sealer()));
  }

  @Test
  void refuses_a_private_part_that_does_not_belong_to_the_certificate() {
    byte[] context = TokenKey.context(KeySlot.TOKEN, key.kid());
    byte[] foreign = sealer.seal(P256.generate().getPrivate().getEncoded(), context);
    byte[] certificate = key.verification().certificate();
    assertThrows(
        KeyException.class, () -> TokenKey.open(KeySlot.TOKEN, certificate, foreign, sealer));
  }

  @Test
  void stays_right_when_many_threads_sign_at_once() throws Exception {
    Thread[] threads = new Thread[8];
    boolean[] good = new boolean[threads.length];
    for (int i = 0; i < threads.length; i++) {
      int number = i;
      threads[i] =
          Thread.startVirtualThread(() -> {
            good[number] = true;
            for (int round = 0; round < 200; round++) {
              good[number] &= verifies(key.sign("typ" + number, CLAIMS));
            }
          });
    }
    for (int i = 0; i < threads.length; i++) {
      threads[i].join();
      assertTrue(good[i]);
    }
  }

  @Test
  void shows_no_secret_of_itself() {
    assertEquals("TokenKey[token " + key.kid() + "]", key.toString());
  }

  @Test
  void does_not_verify_what_was_altered() {
    String token = key.sign("JWT", CLAIMS);
    assertTrue(verifies(token));
    assertFalse(verifies(token.replaceFirst("\\.", ".A")));
    assertFalse(key.verification().verifies(new byte[0], "AAAA"));
  }

  private boolean verifies(String token) {
    int dot = token.lastIndexOf('.');
    return key.verification()
        .verifies(
            token.substring(0, dot).getBytes(StandardCharsets.US_ASCII), token.substring(dot + 1));
  }
}
