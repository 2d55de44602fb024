package dev.writ.broker.writ;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.writ.broker.exchange.Ending;
import dev.writ.broker.store.TestDatabase;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class RevokingTest {
  @RegisterExtension static final TestDatabase DATABASE = TestDatabase.migrated();

  private TestWrits writs = new TestWrits(DATABASE.database());
  private Revoking revoking = new Revoking(writs.acts(), writs.revocations());
  private Instant now = Instant.EPOCH;

  @BeforeEach
  void looks_at_the_clock() {
    now = writs.now().truncatedTo(ChronoUnit.MICROS);
  }

  @Test
  void a_live_internal_writ_ends_here_and_dies_at_its_exp() {
    UUID agent = writs.agent();
    Instant end = now.plusSeconds(300);
    UUID writ = writs.writ(agent, "internal", "live", now, end);
    WritResult result = revoking.end(writ, "keycloak/user:ada");
    assertEquals(
        new Ending.DiesAt(
            end, "internal tokens end at their exp; introspection says inactive at once"),
        result.ending());
    assertEquals("ended", writs.state(writ));
    assertEquals(
        List.of(
            "revoke {\"kind\":\"revoke\",\"writ\":\"%s\",\"agent\":\"%s\",\"by\":\"keycloak/user:ada\"}"
                .formatted(writ, agent)),
        writs.rows(writ));
  }

  @Test
  void a_second_time_says_the_same_and_records_nothing() {
    UUID writ = writs.writ(writs.agent());
    WritResult first = revoking.end(writ, "keycloak/user:ada");
    assertEquals(first, revoking.end(writ, "keycloak/user:grace"));
    assertEquals(1, writs.rows(writ).size());
  }

  @Test
  void a_writ_past_its_end_stays_as_it_was() {
    UUID writ = writs.writ(writs.agent(), "internal", "live", now.minusSeconds(300), now);
    revoking.end(writ, "operator");
    assertEquals("live", writs.state(writ));
    assertEquals(List.of(), writs.rows(writ));
  }

  @Test
  void what_is_being_asked_for_is_ended_so_that_the_answer_is_withheld() {
    UUID writ = writs.writ(writs.agent(), "github", "open", now, now.plusSeconds(300));
    assertEquals(
        new Ending.Unknown("the target is being asked; what it answers is withheld and revoked"),
        revoking.end(writ, "operator").ending());
    assertEquals("ended", writs.state(writ));
  }

  @Test
  void what_never_answered_stays_unknown() {
    UUID writ = writs.writ(writs.agent(), "aws", "unknown", now, now.plusSeconds(300));
    assertEquals(
        new Ending.Unknown("the target did not answer when it was asked"),
        revoking.end(writ, "operator").ending());
    assertEquals("unknown", writs.state(writ));
  }

  @Test
  void a_writ_that_is_not_there_is_a_defect_of_the_caller() {
    assertThrows(IllegalStateException.class, () -> revoking.end(UUID.randomUUID(), "operator"));
  }
}
