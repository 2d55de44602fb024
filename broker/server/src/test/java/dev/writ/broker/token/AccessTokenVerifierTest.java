package dev.writ.broker.token;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.writ.broker.keys.Digests;
import dev.writ.broker.keys.KeyRing;
import dev.writ.broker.keys.KeySlot;
import dev.writ.broker.keys.TestKeys;
import dev.writ.broker.keys.TokenKey;
import dev.writ.broker.token.AccessTokenVerifier.Invalid;
import dev.writ.broker.token.AccessTokenVerifier.Verified;
import dev.writ.broker.trust.SpiffeId;
import dev.writ.broker.trust.TrustDomain;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AccessTokenVerifierTest {
  private static final Instant NOW = Instant.parse("2026-11-23T10:00:00Z");
  private static final Instant END = NOW.plusSeconds(300);
  private static final String ISSUER = "https://broker.example";
  private static final TrustDomain DOMAIN = new TrustDomain("writ.local");
  private static final UUID WRIT = UUID.fromString("0198c0de-0000-7000-8000-00000000000a");
  private static final String CLAIMS =
      "{\"iss\":\"https://broker.example\",\"aud\":\"https://deploy.internal\",\"exp\":1795428300,"
          + "\"jti\":\"0198c0de-0000-7000-8000-00000000000a\",\"cnf\":{\"jkt\":\"k\"}}";

  private final Forge thief = Forge.fresh();
  private final TokenKey key = TestKeys.tokenKey(KeySlot.TOKEN, thief.pair(), NOW);
  private KeyRing ring = TestKeys.ring(key, NOW);
  private final AccessTokenVerifier verifier = new AccessTokenVerifier(ISSUER, () -> ring);

  private String issued(String issuer, String jti, Confirmation confirmation) {
    AccessToken token =
        new AccessToken(
            new SpiffeId(DOMAIN, WRIT),
            "https://deploy.internal",
            NOW,
            END,
            jti,
            List.of("a"),
            "[]",
            confirmation,
            "operator@7",
            "group:ops",
            List.of());
    return new AccessTokens(issuer, () -> ring).issue(token).text();
  }

  private String issued() {
    return issued(ISSUER, WRIT.toString(), new Confirmation.Key("k"));
  }

  private String forged(String claims) {
    String header = "{\"alg\":\"ES256\",\"typ\":\"at+jwt\",\"kid\":\"%s\"}".formatted(key.kid());
    return thief.sign(header, claims);
  }

  @Test
  void verifies_what_was_issued_with_all_its_claims() {
    String token = issued();
    Verified found = assertInstanceOf(Verified.class, verifier.verify(token, NOW));
    assertEquals(WRIT, found.writ());
    assertEquals("https://deploy.internal", found.audience());
    assertEquals("DPoP", found.tokenType());
    assertEquals(key.kid(), found.kid());
    assertArrayEquals(Digests.sha256(token.getBytes(StandardCharsets.US_ASCII)), found.sha256());
    assertEquals(
        List.of(
            "iss",
            "sub",
            "aud",
            "exp",
            "iat",
            "jti",
            "client_id",
            "scope",
            "authorization_details",
            "cnf",
            "policy",
            "owner",
            "writ_lineage"),
        List.copyOf(found.claims().keySet()));
  }

  @Test
  void a_token_bound_to_a_certificate_is_a_bearer_token() {
    String token = issued(ISSUER, WRIT.toString(), new Confirmation.Certificate("c"));
    assertEquals(
        "Bearer", assertInstanceOf(Verified.class, verifier.verify(token, NOW)).tokenType());
  }

  @Test
  void refuses_it_from_its_end_on() {
    String token = issued();
    assertInstanceOf(Verified.class, verifier.verify(token, END.minusNanos(1)));
    assertEquals(new Invalid("it has expired"), verifier.verify(token, END));
  }

  @Test
  void refuses_another_issuers_token_though_the_key_is_the_same() {
    String token = issued("https://other.example", WRIT.toString(), new Confirmation.Key("k"));
    assertEquals(new Invalid("its iss is not this issuer"), verifier.verify(token, NOW));
  }

  @Test
  void refuses_a_token_whose_key_is_gone_or_anothers() {
    String token = issued();
    ring = TestKeys.ring(KeySlot.TOKEN, NOW);
    assertEquals(new Invalid("its kid is not one of ours"), verifier.verify(token, NOW));
  }

  @Test
  void refuses_a_token_that_was_altered() {
    String[] parts = issued().split("\\.", -1);
    String other = Forge.encode(CLAIMS);
    assertEquals(
        new Invalid("its signature is not by the key that it names"),
        verifier.verify(parts[0] + "." + other + "." + parts[2], NOW));
  }

  @Test
  void refuses_an_svid() {
    String svid =
        new JwtSvids(ISSUER, DOMAIN, () -> ring)
            .issue(new SpiffeId(DOMAIN, WRIT), thief.jkt(), NOW, END)
            .text();
    assertEquals(new Invalid("its header's typ is not at+jwt"), verifier.verify(svid, NOW));
  }

  @Test
  void the_forged_claims_are_sound_but_for_what_a_test_changes() {
    assertInstanceOf(Verified.class, verifier.verify(forged(CLAIMS), NOW));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"jti\":\"0198c0de-0000-7000-8000-00000000000a\"|\"jti\":\"1\"",
        "\"aud\":\"https://deploy.internal\"|\"aud\":[\"https://deploy.internal\"]",
        "\"cnf\":{\"jkt\":\"k\"}|\"cnf\":{}",
        "\"cnf\":{\"jkt\":\"k\"}|\"cnf\":{\"jkt\":\"k\",\"x5t#S256\":\"c\"}",
        "\"cnf\":{\"jkt\":\"k\"}|\"cnf\":{\"jkt\":\"k\"},\"act\":{}"
      })
  void refuses_claims_that_we_do_not_write(String change) {
    String[] parts = change.split("\\|", -1);
    assertEquals(
        new Invalid("its claims are not as we write them"),
        verifier.verify(forged(CLAIMS.replace(parts[0], parts[1])), NOW));
  }
}
