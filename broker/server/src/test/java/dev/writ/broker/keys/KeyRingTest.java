package dev.writ.broker.keys;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class KeyRingTest {

  private static final Instant NOW = Instant.parse("2026-11-23T10:00:00Z");
  private static final KeySchedule.Timing TIMING =
      new KeySchedule.Timing(Duration.ofHours(24), Duration.ofHours(1));

  private final TokenKey old = TestKeys.tokenKey(KeySlot.TOKEN, NOW);
  private final TokenKey current = TestKeys.tokenKey(KeySlot.TOKEN, NOW);
  private final TokenKey next = TestKeys.tokenKey(KeySlot.TOKEN, NOW);

  @Test
  void publishes_current_then_next_then_retired_without_private_parts() throws Exception {
    KeyRing ring = KeyRing.of(schedule(), current);
    JWKSet published = JWKSet.parse(ring.jwks());
    assertEquals(
        List.of(current.kid(), next.kid(), old.kid()),
        published.getKeys().stream().map(JWK::getKeyID).toList());
    assertFalse(published.containsNonPublicKeys());
    assertEquals(
        List.of(current.verification(), next.verification(), old.verification()), ring.published());
  }

  @Test
  void verifies_by_every_published_key_and_no_other() {
    KeyRing ring = KeyRing.of(schedule(), current);
    for (TokenKey key : List.of(old, current, next)) {
      assertEquals(Optional.of(key.verification()), ring.verifier(key.kid()));
    }
    assertTrue(ring.verifier("../" + current.kid()).isEmpty());
    assertTrue(ring.verifier("").isEmpty());
  }

  @Test
  void knows_nothing_of_a_distrusted_key_any_more() {
    KeySchedule.Distrust distrust = schedule().distrust(old.kid(), Optional.empty(), NOW);
    KeySchedule after =
        assertInstanceOf(KeySchedule.Distrust.Distrusted.class, distrust).schedule();
    KeyRing ring = KeyRing.of(after, current);
    assertTrue(ring.verifier(old.kid()).isEmpty());
    assertFalse(ring.jwks().contains(old.kid()));
  }

  @Test
  void refuses_to_sign_with_any_but_the_current_key_of_its_slot() {
    assertThrows(KeyException.class, () -> KeyRing.of(schedule(), next));
    TokenKey sts = TestKeys.tokenKey(KeySlot.STS, NOW);
    KeySchedule wrongSlot = KeySchedule.first(KeySlot.TOKEN, sts.verification(), NOW);
    assertThrows(KeyException.class, () -> KeyRing.of(wrongSlot, sts));
  }

  private KeySchedule schedule() {
    KeySchedule.Promotion promotion =
        KeySchedule.first(KeySlot.TOKEN, old.verification(), NOW)
            .schedule(current.verification(), NOW)
            .promoteNow(NOW, TIMING);
    return assertInstanceOf(KeySchedule.Promotion.Promoted.class, promotion)
        .schedule()
        .schedule(next.verification(), NOW);
  }
}
