package dev.writ.broker.token;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.writ.broker.keys.KeyRing;
import dev.writ.broker.keys.KeySlot;
import dev.writ.broker.keys.TestKeys;
import dev.writ.broker.trust.SpiffeId;
import dev.writ.broker.trust.TrustDomain;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class NodeAssertionsTest {
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
  private static final UUID NODE = UUID.randomUUID();

  private final KeyRing ring = TestKeys.ring(KeySlot.TOKEN, NOW);
  private final NodeAssertions assertions =
      new NodeAssertions(
          "https://writ.example", new TrustDomain("writ.example"), NODE, () -> ring, () -> NOW);

  @Test
  void says_for_a_minute_which_node_asks_whom() throws Exception {
    SignedJWT token = SignedJWT.parse(assertions.issue("https://vault.internal"));

    assertTrue(token.verify(new ECDSAVerifier(ring.signer().verification().publicKey())));
    JWTClaimsSet claims = token.getJWTClaimsSet();
    assertEquals("https://writ.example", claims.getIssuer());
    assertEquals("spiffe://writ.example/node/" + NODE, claims.getSubject());
    assertEquals(List.of("https://vault.internal"), claims.getAudience());
    assertEquals(NOW, claims.getIssueTime().toInstant());
    assertEquals(NOW.plusSeconds(60), claims.getExpirationTime().toInstant());
    assertEquals(6, claims.getClaims().size());
  }

  @Test
  void is_another_one_each_time_and_never_an_agents() throws Exception {
    String one = assertions.issue("a");
    String other = assertions.issue("a");

    assertNotEquals(
        SignedJWT.parse(one).getJWTClaimsSet().getJWTID(),
        SignedJWT.parse(other).getJWTClaimsSet().getJWTID());
    assertEquals(
        Optional.empty(), SpiffeId.parse(SignedJWT.parse(one).getJWTClaimsSet().getSubject()));
  }
}
