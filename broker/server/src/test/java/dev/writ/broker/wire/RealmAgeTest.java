package dev.writ.broker.wire;

import static dev.writ.broker.wire.RealmStage.NARROW;
import static dev.writ.broker.wire.RealmStage.READ;
import static dev.writ.broker.wire.RealmStage.STAGING;
import static dev.writ.broker.wire.RealmStage.WIDE;
import static dev.writ.broker.wire.RealmStage.save;
import static dev.writ.fixtures.time.Waiting.eventually;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.writ.broker.store.TestDatabase;
import dev.writ.broker.wire.RealmStage.Node;
import dev.writ.fixtures.agent.AgentClient;
import dev.writ.fixtures.agent.Launch;
import dev.writ.fixtures.agent.Via;
import dev.writ.fixtures.http.Reply;
import dev.writ.fixtures.keycloaksource.FakeSourceRealm;
import dev.writ.fixtures.process.Ports;
import dev.writ.fixtures.time.Waiting;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A realm that is away: for how long its last word counts. */
@SuppressWarnings("NullAway.Init")
class RealmAgeTest {
  private static final Duration MAX_AGE = Duration.ofSeconds(5);

  @RegisterExtension static final TestDatabase DATABASE = TestDatabase.migrated();

  @TempDir static Path folder;

  private static FakeSourceRealm realm;
  private static RealmStage stage;
  private static String settings;
  private static Node node;
  private static AgentClient agent;

  @BeforeAll
  static void begin() throws Exception {
    realm = FakeSourceRealm.https();
    stage = new RealmStage(folder, DATABASE, realm);
    save(realm, "operator", WIDE);
    settings = stage.sources() + "limits: { policy-max-age: " + MAX_AGE.toSeconds() + "s }\n";
    node = stage.node("one", settings);
    agent = node.agent("operator", "user:ada");
  }

  @AfterEach
  void heal() {
    realm.back();
    eventually("it issues again", () -> agent.exchange(Via.MTLS, READ).status() == 200);
  }

  @AfterAll
  static void end() throws Exception {
    stage.close();
    realm.close();
  }

  private static void stopped(Node at) {
    eventually("it stops", () -> agent.exchange(Via.MTLS, READ).status() == 503);
    Reply reply = stage.refused(agent, READ, "temporarily_unavailable");
    assertEquals("policy_unconfirmed", reply.text("reason"), reply::toString);
    assertEquals("10", reply.header("Retry-After"));
    eventually("health says so", () -> issuing(at).startsWith("stopped"));
  }

  private static String issuing(Node at) {
    return at.health().expect(200).json().path("policies").path("issuing").asText();
  }

  @Test
  void agents_go_on_while_the_realm_is_away_until_its_word_is_too_old_and_then_by_themselves()
      throws Exception {
    int sequence = stage.minted();
    realm.away();
    Waiting.sleep(Duration.ofSeconds(2));

    agent.exchange(Via.MTLS, READ).expect(200);
    assertTrue(stage.minted() > sequence);
    assertTrue(node.metric("writ_source_age_seconds{source=\"policies\"}") >= 1.5);
    stopped(node);
    assertTrue(node.metric("writ_source_age_seconds{source=\"policies\"}") >= MAX_AGE.toSeconds());
    // Who it is, is not what it may have: identities are renewed, so that all goes on by itself.
    agent.renew(Via.MTLS).expect(200);
    int agents = stage.texts("SELECT id::text AS text FROM agent").size();
    node.operator().launch(Launch.of("operator").owner("user:ada")).expect(503);
    assertEquals(agents, stage.texts("SELECT id::text AS text FROM agent").size());
    assertTrue(
        stage
            .texts("SELECT body AS text FROM ledger WHERE kind = 'refuse' ORDER BY sequence DESC")
            .getFirst()
            .contains("unconfirmed"));

    realm.back();

    eventually("it issues again", () -> agent.exchange(Via.MTLS, READ).status() == 200);
    assertEquals("ok", issuing(node));
  }

  @Test
  void the_age_counts_across_a_restart() throws Exception {
    realm.away();
    stopped(node);

    try (Node again = stage.node("again", settings)) {
      Reply launch = again.operator().launch(Launch.of("operator").owner("user:ada")).expect(503);
      assertTrue(launch.text("detail").contains("has not confirmed them"), launch::toString);
      Reply reply = stage.refused(agent, READ, "temporarily_unavailable");
      assertEquals("policy_unconfirmed", reply.text("reason"));
    }
  }

  @Test
  void a_node_that_reaches_the_realm_confirms_for_one_that_does_not() throws Exception {
    String blind = settings + "proxy: http://127.0.0.1:" + Ports.free() + "\n";
    try (Node other = stage.node("blind", blind)) {
      AgentClient there = other.agent("operator", "user:ada");
      Waiting.sleep(MAX_AGE.plusSeconds(1));

      there.exchange(Via.MTLS, READ).expect(200);
    }
  }

  @Test
  void what_was_saved_meanwhile_counts_before_anything_is_issued_again() {
    AgentClient narrowed = node.agent("operator", "user:ada");
    realm.away();
    stopped(node);

    save(realm, "operator", NARROW);
    realm.back();

    eventually("it issues again", () -> narrowed.exchange(Via.MTLS, READ).status() == 200);
    stage.refused(narrowed, STAGING, "invalid_scope");
    save(realm, "operator", WIDE);
    eventually("it is wide", () -> narrowed.exchange(Via.MTLS, STAGING).status() == 200);
  }

  @Test
  void an_answer_that_is_no_word_of_the_realms_confirms_nothing() {
    realm.answer(200, "{\"realm\":\"acme\"}");
    stopped(node);
    realm.back();
    eventually("it issues again", () -> agent.exchange(Via.MTLS, READ).status() == 200);
    realm.answer(403, "{\"detail\":\"This is for the broker's client.\"}");
    stopped(node);
  }
}
