package dev.writ.broker.writ;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.writ.broker.exchange.Ending;
import dev.writ.broker.store.TestDatabase;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class RevocationsTest {
  @RegisterExtension static final TestDatabase DATABASE = TestDatabase.migrated();

  private final TestWrits writs = new TestWrits(DATABASE.database());
  private final ScriptedMinter target = new ScriptedMinter();
  private final Revocations revocations = writs.revocations(target);
  private UUID agent = UUID.randomUUID();
  private Instant now = Instant.EPOCH;

  @BeforeEach
  void launches_an_agent() {
    agent = writs.agent();
    now = writs.now();
  }

  @AfterEach
  void leaves_nothing_to_others() {
    DATABASE.database().autoCommit(session -> session.update("DELETE FROM held"));
    revocations.close();
  }

  @Test
  void a_credential_whose_writ_has_ended_is_ended_at_its_target_and_kept_no_longer() {
    UUID writ = held("ghs_one", now.minusMillis(1));
    revocations.turn();
    assertEquals(List.of("ghs_one"), target.asked);
    assertEquals(0, writs.held(agent));
    assertEquals("ended", writs.state(writ));
    assertTrue(writs.rows(writ).get(0).contains("\"result\":\"revoked\",\"answer\":\"204\""));
    revocations.turn();
    assertEquals(1, target.asked.size());
  }

  @Test
  void one_that_lives_is_left_alone() {
    held("ghs_one", now.plusSeconds(60));
    revocations.turn();
    assertEquals(List.of(), target.asked);
    assertEquals(1, writs.held(agent));
  }

  @Test
  void what_the_target_does_not_answer_is_asked_again_later_by_any_node() {
    target.answers(new Ending.Unknown("503"));
    UUID writ = held("ghs_one", now.minusMillis(1));
    revocations.turn();
    assertEquals(1, writs.held(agent));
    assertEquals(List.of(), writs.rows(writ));
    due(writ);
    try (Revocations elsewhere = writs.revocations(target)) {
      elsewhere.turn();
    }
    assertEquals(List.of("ghs_one", "ghs_one"), target.asked);
    assertEquals(0, writs.held(agent));
  }

  @Test
  void an_answer_that_takes_too_long_is_unknown_now_and_on_record_when_it_comes() throws Exception {
    UUID slow = held("ghs_slow", now.plusSeconds(60));
    target.slow(Revocations.WAIT_MAX.plus(Duration.ofMillis(500)));
    Map<UUID, Ending> endings = revocations.endWrits(List.of(slow));
    assertInstanceOf(Ending.Unknown.class, endings.get(slow));
    for (int i = 0; i < 50 && writs.held(agent) > 0; i++) {
      Thread.sleep(100);
    }
    assertEquals(0, writs.held(agent));
    assertEquals("ended", writs.state(slow));
  }

  @Test
  void ends_all_that_an_agent_holds_and_nothing_of_others() {
    UUID one = held("ghs_one", now.plusSeconds(60));
    UUID two = held("ghs_two", now.plusSeconds(60));
    UUID other = writs.agent();
    UUID others = writs.writ(other, "github", "live", now, now.plusSeconds(60));
    writs.hold(others, other, "scripted", "ghs_other", now.plusSeconds(60), now.plusSeconds(3600));
    Map<UUID, Ending> endings = revocations.endAgents(List.of(agent));
    assertEquals(Map.of(one, new Ending.Revoked("204"), two, new Ending.Revoked("204")), endings);
    assertEquals(1, writs.held(other));
  }

  @Test
  void nodes_that_come_at_the_same_time_ask_once() {
    Stream.iterate(0, i -> i + 1).limit(40).forEach(i -> held("ghs_" + i, now.minusMillis(1)));
    try (Revocations elsewhere = writs.revocations(target)) {
      CompletableFuture.allOf(
              CompletableFuture.runAsync(revocations::turn),
              CompletableFuture.runAsync(elsewhere::turn))
          .join();
    }
    assertEquals(40, target.asked.size());
    assertEquals(0, writs.held(agent));
  }

  @Test
  void what_has_died_of_itself_is_forgotten_unasked() {
    UUID writ = writs.writ(agent, "github", "live", now.minusSeconds(3600), now.minusSeconds(1));
    writs.hold(writ, agent, "scripted", "ghs_dead", now.minusSeconds(1), now.minusSeconds(1));
    revocations.turn();
    assertEquals(List.of(), target.asked);
    assertEquals(0, writs.held(agent));
  }

  @Test
  void one_of_a_target_that_is_no_longer_configured_is_unknown_and_kept() {
    UUID writ = writs.writ(agent, "github", "live", now, now.plusSeconds(60));
    writs.hold(writ, agent, "gone", "ghs_gone", now.plusSeconds(60), now.plusSeconds(3600));
    assertEquals(
        new Ending.Unknown("gone is not configured here any more"),
        revocations.endWrits(List.of(writ)).get(writ));
    assertEquals(1, writs.held(agent));
  }

  private UUID held(String secret, Instant due) {
    UUID writ = writs.writ(agent, "github", "live", now.minusSeconds(1), due);
    writs.hold(writ, agent, "scripted", secret, due, now.plusSeconds(3600));
    return writ;
  }

  private void due(UUID writ) {
    DATABASE
        .database()
        .autoCommit(session ->
            session.update("UPDATE held SET due = clock_timestamp() WHERE writ = ?", writ));
  }
}
