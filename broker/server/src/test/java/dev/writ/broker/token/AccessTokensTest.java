package dev.writ.broker.token;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import dev.writ.broker.keys.KeySlot;
import dev.writ.broker.keys.TestKeys;
import dev.writ.broker.keys.TokenKey;
import dev.writ.broker.trust.SpiffeId;
import dev.writ.broker.trust.TrustDomain;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class AccessTokensTest {

  private static final Instant NOW = Instant.parse("2026-11-23T10:00:00Z");
  private static final String ISSUER = "https://broker.example";
  private static final SpiffeId AGENT = agent("0198c0de-0000-7000-8000-000000000001");
  private static final SpiffeId PARENT = agent("0198c0de-0000-7000-8000-000000000002");
  private static final SpiffeId GRANDPARENT = agent("0198c0de-0000-7000-8000-000000000003");
  private static final String DETAILS =
      "[{\"type\":\"internal\",\"audience\":\"https://deploy.internal\",\"scopes\":[\"a\",\"b\"]}]";

  private final TokenKey key = TestKeys.tokenKey(KeySlot.TOKEN, NOW);
  private final AccessTokens tokens = new AccessTokens(ISSUER, () -> TestKeys.ring(key, NOW));

  @Test
  void carries_exactly_the_claims_of_the_contract() throws Exception {
    SignedToken signed = tokens.issue(token(new Confirmation.Key("thumb"), List.of("a", "b")));
    JWSObject jws = JWSObject.parse(signed.text());
    assertTrue(jws.verify(new ECDSAVerifier(key.verification().publicKey())));
    assertEquals(
        Map.of("alg", "ES256", "kid", key.kid(), "typ", "at+jwt"), jws.getHeader().toJSONObject());
    assertEquals(
        new ObjectMapper()
            .readTree(
                """
                {"iss":"%s","sub":"%s","aud":"https://deploy.internal","exp":%d,"iat":%d,
                 "jti":"writ-1","client_id":"%s","scope":"a b","authorization_details":%s,
                 "cnf":{"jkt":"thumb"},"policy":"operator@7","owner":"group:\\"platform\\"",
                 "writ_lineage":["%s","%s"]}
                """
                    .formatted(
                        ISSUER,
                        AGENT,
                        NOW.getEpochSecond() + 300,
                        NOW.getEpochSecond(),
                        AGENT,
                        DETAILS,
                        PARENT,
                        GRANDPARENT)),
        claims(signed));
    assertEquals(NOW.plusSeconds(300), signed.expiresAt());
  }

  @Test
  void is_bound_to_the_one_key_that_was_proven() throws Exception {
    JsonNode cnf =
        claims(tokens.issue(token(new Confirmation.Certificate("hash"), List.of("a")))).path("cnf");
    assertEquals(new ObjectMapper().readTree("{\"x5t#S256\":\"hash\"}"), cnf);
  }

  @Test
  void has_no_scope_when_none_was_granted() throws Exception {
    assertFalse(claims(tokens.issue(token(new Confirmation.Key("k"), List.of()))).has("scope"));
  }

  @Test
  void two_of_the_same_differ_in_their_hash_and_neither_shows_itself() {
    SignedToken one = tokens.issue(token(new Confirmation.Key("k"), List.of()));
    SignedToken other = tokens.issue(token(new Confirmation.Key("k"), List.of()));
    assertNotEquals(one.sha256(), other.sha256());
    assertFalse(one.toString().contains(one.text().substring(0, 20)));
  }

  @Test
  void refuses_to_be_without_life() {
    assertThrows(IllegalArgumentException.class, () -> lasting(NOW));
    lasting(NOW.plusSeconds(1));
  }

  private static AccessToken lasting(Instant end) {
    return new AccessToken(
        AGENT,
        "a",
        NOW,
        end,
        "j",
        List.of(),
        "[]",
        new Confirmation.Key("k"),
        "p@1",
        "o",
        List.of());
  }

  private static AccessToken token(Confirmation confirmation, List<String> scopes) {
    return new AccessToken(
        AGENT,
        "https://deploy.internal",
        NOW,
        NOW.plusSeconds(300),
        "writ-1",
        scopes,
        DETAILS,
        confirmation,
        "operator@7",
        "group:\"platform\"",
        List.of(PARENT, GRANDPARENT));
  }

  private static JsonNode claims(SignedToken token) throws Exception {
    return new ObjectMapper().readTree(JWSObject.parse(token.text()).getPayload().toString());
  }

  private static SpiffeId agent(String uuid) {
    return new SpiffeId(new TrustDomain("writ.local"), UUID.fromString(uuid));
  }
}
