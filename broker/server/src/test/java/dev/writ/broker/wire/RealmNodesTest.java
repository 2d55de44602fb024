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
import dev.writ.fixtures.agent.Via;
import dev.writ.fixtures.http.Reply;
import dev.writ.fixtures.keycloaksource.FakeSourceRealm;
import dev.writ.fixtures.process.Ports;
import dev.writ.fixtures.time.Waiting;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Two nodes on one database, and how soon both obey what a realm's admin saved. */
@SuppressWarnings("NullAway.Init")
class RealmNodesTest {
  /** From a save at Keycloak on. */
  private static final Duration OBEYED_WITHIN = Duration.ofSeconds(2);

  @RegisterExtension static final TestDatabase DATABASE = TestDatabase.migrated();

  @TempDir static Path folder;

  private static FakeSourceRealm realm;
  private static RealmStage stage;
  private static Node one;
  private static Node two;

  @BeforeAll
  static void begin() throws Exception {
    realm = FakeSourceRealm.https();
    stage = new RealmStage(folder, DATABASE, realm);
    save(realm, "operator", WIDE);
    one = stage.node("one");
    two = stage.node("two");
  }

  @AfterEach
  void heal() {
    realm.back();
    realm.losePushes();
  }

  @AfterAll
  static void end() throws Exception {
    stage.close();
    realm.close();
  }

  private record Tried(String node, long startedAt, Reply reply) {}

  /** Agents that ask without a pause, one at each node. */
  private static final class Traffic implements AutoCloseable {
    private final Queue<Tried> tried = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean over = new AtomicBoolean();
    private final List<Thread> threads = new ArrayList<>();

    Traffic(String policy, Node... nodes) {
      for (Node node : nodes) {
        AgentClient agent = node.agent(policy, "user:ada");
        threads.add(Thread.ofVirtual().start(() -> ask(node.url().toString(), agent)));
      }
    }

    private void ask(String node, AgentClient agent) {
      while (!over.get()) {
        long started = System.nanoTime();
        tried.add(new Tried(node, started, agent.exchange(Via.MTLS, STAGING)));
        Waiting.sleep(Duration.ofMillis(10));
      }
    }

    /** All exchanges that started later than that. */
    List<Tried> startedAfter(long instant) {
      return tried.stream().filter(one -> one.startedAt() > instant).toList();
    }

    long issued() {
      return tried.stream().filter(one -> one.reply().status() == 200).count();
    }

    @Override
    public void close() throws InterruptedException {
      over.set(true);
      for (Thread thread : threads) {
        thread.join();
      }
    }
  }

  /** Saves, waits, and looks at all that was asked more than two seconds after the save. */
  private static void obeyed(String policy, Runnable save, String error, Node... nodes)
      throws InterruptedException {
    try (Traffic traffic = new Traffic(policy, nodes)) {
      eventually("it flows", () -> traffic.issued() > 10L * nodes.length);
      save.run();
      long saved = System.nanoTime();
      Waiting.sleep(OBEYED_WITHIN.plusSeconds(1));
      List<Tried> after = traffic.startedAfter(saved + OBEYED_WITHIN.toNanos());
      for (Node node : nodes) {
        assertTrue(
            after.stream().filter(tried -> tried.node().equals(node.url().toString())).count() > 5,
            "too few exchanges to say something");
      }
      for (Tried tried : after) {
        assertEquals(
            error,
            tried.reply().error(),
            () ->
                "at %s, %d ms after the save: %s"
                    .formatted(
                        tried.node(), (tried.startedAt() - saved) / 1_000_000, tried.reply()));
      }
    }
  }

  private static void wide(String policy) {
    save(realm, policy, WIDE);
    eventually(
        "it is wide",
        () ->
            stage
                .texts(
                    "SELECT version || '' AS text FROM policy_head WHERE name = ? AND NOT withdrawn",
                    policy)
                .stream()
                .findFirst()
                .isPresent());
  }

  @Test
  void a_narrowed_policy_is_obeyed_everywhere_within_two_seconds_of_the_save() throws Exception {
    realm.push(one.url(), one.bundle());
    for (int round = 0; round < 2; round++) {
      String policy = "pushed-" + round;
      wide(policy);
      obeyed(policy, () -> save(realm, policy, NARROW), "invalid_scope", one, two);
    }
  }

  @Test
  void also_when_the_push_is_lost() throws Exception {
    for (int round = 0; round < 3; round++) {
      String policy = "polled-" + round;
      wide(policy);
      obeyed(policy, () -> save(realm, policy, NARROW), "invalid_scope", one, two);
    }
  }

  @Test
  void a_deleted_policy_gives_nothing_within_two_seconds() throws Exception {
    wide("deleted");
    obeyed("deleted", () -> realm.delete("deleted"), "access_denied", one, two);
  }

  @Test
  void also_by_a_node_that_cannot_reach_the_realm_itself() throws Exception {
    String noWay = "proxy: http://127.0.0.1:" + Ports.free() + "\n";
    try (Node blind = stage.node("blind", stage.sources() + noWay)) {
      assertTrue(
          blind.health().expect(200).json().path("broken").has("policies of keycloak (away)"),
          blind.health()::toString);
      wide("unseen");
      obeyed("unseen", () -> save(realm, "unseen", NARROW), "invalid_scope", one, blind);
    }
  }

  @Test
  void both_nodes_take_over_the_same_set_and_one_row_says_so() {
    wide("once");
    Waiting.sleep(Duration.ofSeconds(2));

    assertEquals(
        1,
        stage
            .texts(
                "SELECT body AS text FROM ledger WHERE kind = 'policy' AND body LIKE '%\"once@1\"%'")
            .size());
    for (Node node : List.of(one, two)) {
      assertEquals(
          "once@1",
          Claims.of(node.agent("once", "user:ada").exchange(Via.MTLS, READ).expect(200))
              .get("policy"));
    }
  }

  @Test
  void a_node_that_reads_an_older_set_than_another_took_over_changes_nothing() {
    wide("older");
    save(realm, "older", NARROW);
    eventually(
        "both know",
        () ->
            stage
                .texts("SELECT version || '' AS text FROM policy_head WHERE name = 'older'")
                .contains("2"));
    FakeSourceRealm.Backup now = realm.backup();
    // Another node is ahead: what it took over stands in the database, and these two read behind
    // it.
    stage.sql("UPDATE source SET version = version + 5 WHERE kind = 'policies'");
    realm.forge("older", 9, RealmStage.json("older", WIDE));

    eventually(
        "they say so",
        () ->
            one.health()
                .json()
                .path("broken")
                .path("policies of keycloak")
                .asText()
                .contains("went back"));
    AgentClient agent = two.agent("older", "user:ada");
    stage.refused(agent, STAGING, "invalid_scope");

    realm.restore(now);
    for (int i = 0; i < 7; i++) {
      save(realm, "other", i % 2 == 0 ? WIDE : NARROW);
    }
    eventually("all is well", () -> one.health().json().path("broken").isEmpty());
    stage.refused(agent, STAGING, "invalid_scope");
  }
}
