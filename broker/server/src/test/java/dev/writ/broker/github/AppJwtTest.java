package dev.writ.broker.github;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jwt.SignedJWT;
import dev.writ.broker.keys.KeyException;
import dev.writ.broker.keys.SignatureAlgorithm;
import dev.writ.broker.keys.Signer;
import dev.writ.broker.keys.TestKeys;
import dev.writ.fixtures.github.AppKey;
import java.security.PublicKey;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class AppJwtTest {
  private static final AppKey KEY = AppKey.generate();
  private static final Instant START = Instant.parse("2026-03-01T12:00:00Z");

  private final AtomicReference<Instant> now = new AtomicReference<>(START);
  private final Clock clock = ((InstantSource) now::get).withZone(ZoneOffset.UTC);
  private final CountingSigner signer = new CountingSigner(TestKeys.signer(KEY.pem()));
  private final AppJwt jwt = new AppJwt("12345", signer, clock);

  /** A remote key whose use costs. */
  private record CountingSigner(Signer key, AtomicInteger used, AtomicBoolean away)
      implements Signer {
    CountingSigner(Signer key) {
      this(key, new AtomicInteger(), new AtomicBoolean());
    }

    @Override
    public String id() {
      return key.id();
    }

    @Override
    public PublicKey publicKey() {
      return key.publicKey();
    }

    @Override
    public SignatureAlgorithm algorithm() {
      return key.algorithm();
    }

    @Override
    public byte[] sign(byte[] message) {
      used.incrementAndGet();
      if (away.get()) {
        throw new KeyException("away");
      }
      return key.sign(message);
    }
  }

  @Test
  void names_the_app_and_is_issued_a_minute_ago_for_nine_more()
      throws ParseException, JOSEException {
    SignedJWT signed = SignedJWT.parse(jwt.get().text());

    assertEquals(JWSAlgorithm.RS256, signed.getHeader().getAlgorithm());
    assertTrue(signed.verify(new RSASSAVerifier(KEY.publicKey())));
    assertEquals("12345", signed.getJWTClaimsSet().getIssuer());
    assertEquals(START.minusSeconds(60), signed.getJWTClaimsSet().getIssueTime().toInstant());
    assertEquals(
        START.plus(Duration.ofMinutes(9)),
        signed.getJWTClaimsSet().getExpirationTime().toInstant());
    assertEquals(3, signed.getJWTClaimsSet().getClaims().size());
  }

  @Test
  void takes_one_signature_in_eight_minutes() {
    Secret first = jwt.get();
    now.set(START.plus(Duration.ofMinutes(8)).minusMillis(1));
    assertEquals(first, jwt.get());
    assertEquals(1, signer.used().get());

    now.set(START.plus(Duration.ofMinutes(8)));
    assertNotEquals(first, jwt.get());
    assertEquals(2, signer.used().get());
  }

  @Test
  void signs_anew_after_github_refused_the_one_at_hand_and_only_then() {
    Secret first = jwt.get();
    jwt.drop(new Secret("another"));
    assertEquals(first, jwt.get());
    jwt.drop(first);
    jwt.get();
    assertEquals(2, signer.used().get());
  }

  @Test
  void goes_on_with_the_last_one_while_the_key_is_away_until_shortly_before_its_end() {
    Secret first = jwt.get();
    signer.away().set(true);
    now.set(START.plus(Duration.ofMinutes(8)));
    assertEquals(first, jwt.get());
    now.set(START.plus(Duration.ofMinutes(9)).minusSeconds(20).minusMillis(1));
    assertEquals(first, jwt.get());

    now.set(START.plus(Duration.ofMinutes(9)).minusSeconds(20));
    assertThrows(KeyException.class, jwt::get);
    signer.away().set(false);
    assertNotEquals(first, jwt.get());
  }

  @Test
  void asks_a_key_that_is_away_only_every_five_seconds_while_the_last_one_is_good() {
    jwt.get();
    signer.away().set(true);
    now.set(START.plus(Duration.ofMinutes(8)));
    jwt.get();
    now.set(now.get().plusSeconds(5).minusMillis(1));
    jwt.get();
    assertEquals(2, signer.used().get());
    now.set(now.get().plusMillis(1));
    jwt.get();
    assertEquals(3, signer.used().get());
  }

  @Test
  void refuses_a_key_that_is_not_rsa() {
    KeyException refused =
        assertThrows(KeyException.class, () -> new AppJwt("12345", TestKeys.signer(), clock));
    assertTrue(refused.getMessage().contains("GitHub App 12345"), refused.getMessage());
    assertTrue(refused.getMessage().contains("RS256"), refused.getMessage());
  }

  @Test
  void takes_pkcs_1_and_pkcs_8() {
    assertEquals(TestKeys.signer(KEY.pem()).id(), TestKeys.signer(KEY.pkcs8Pem()).id());
  }

  @Test
  void shows_nothing_when_printed() {
    assertFalse(String.valueOf(jwt.get()).contains(jwt.get().text()));
  }
}
