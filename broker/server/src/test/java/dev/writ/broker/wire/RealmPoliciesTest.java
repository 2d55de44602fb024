package dev.writ.broker.wire;

import static dev.writ.broker.wire.RealmStage.NARROW;
import static dev.writ.broker.wire.RealmStage.READ;
import static dev.writ.broker.wire.RealmStage.STAGING;
import static dev.writ.broker.wire.RealmStage.WIDE;
import static dev.writ.broker.wire.RealmStage.json;
import static dev.writ.broker.wire.RealmStage.save;
import static dev.writ.fixtures.time.Waiting.eventually;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.writ.broker.store.TestDatabase;
import dev.writ.broker.wire.RealmStage.Node;
import dev.writ.fixtures.agent.AgentClient;
import dev.writ.fixtures.agent.Via;
import dev.writ.fixtures.http.Http;
import dev.writ.fixtures.http.Reply;
import dev.writ.fixtures.keycloaksource.FakeSourceRealm;
import dev.writ.fixtures.time.Waiting;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Policies that a realm administers, as one node takes them over. */
@SuppressWarnings("NullAway.Init")
class RealmPoliciesTest {
  @RegisterExtension static final TestDatabase DATABASE = TestDatabase.migrated();

  @TempDir static Path folder;

  private static FakeSourceRealm realm;
  private static RealmStage stage;
  private static Node node;

  @BeforeAll
  static void begin() throws Exception {
    realm = FakeSourceRealm.https();
    stage = new RealmStage(folder, DATABASE, realm);
    save(realm, "steady", WIDE);
    node = stage.node("one");
    realm.push(node.url(), node.bundle());
  }

  @AfterEach
  void heal() {
    realm.back();
    save(realm, "steady", WIDE);
    eventually("all is well again", () -> brokenPolicies().isEmpty() && version("steady") > 0);
  }

  @AfterAll
  static void end() throws Exception {
    stage.close();
    realm.close();
  }

  private static int version(String policy) {
    Reply reply = node.operator().send("GET", "/v1/policies/" + policy, Map.of(), "");
    return reply.status() == 404 || reply.json().path("withdrawn").asBoolean()
        ? 0
        : reply.json().path("version").asInt();
  }

  private static JsonNode brokenPolicies() {
    return node.health().expect(200).json().path("broken");
  }

  private static void saved(String policy, String yaml) {
    int version = save(realm, policy, yaml);
    eventually(policy + "@" + version, () -> version(policy) == version);
  }

  @Test
  void policies_are_loaded_whole_at_the_start_under_the_realms_own_numbers() throws Exception {
    save(realm, "numbered", WIDE);
    save(realm, "numbered", NARROW);
    save(realm, "numbered", WIDE);
    eventually("numbered@3", () -> version("numbered") == 3);

    Reply shown = node.operator().send("GET", "/v1/policies/numbered", Map.of(), "").expect(200);
    assertEquals("user:ada", shown.text("author"));
    assertEquals("test", shown.text("comment"));
    AgentClient agent = node.agent("numbered", "user:ada");
    Reply token = agent.exchange(Via.MTLS, READ).expect(200);
    assertEquals("numbered@3", Claims.of(token).get("policy"));
    assertEquals(realm.url(), node.health().json().path("policies").path("realm").asText());
    assertEquals("ok", node.health().json().path("policies").path("issuing").asText());
  }

  @Test
  void a_narrowed_policy_is_obeyed_and_a_deleted_one_is_withdrawn() {
    saved("narrowed", WIDE);
    AgentClient agent = node.agent("narrowed", "user:ada");
    agent.exchange(Via.MTLS, STAGING).expect(200);

    saved("narrowed", NARROW);

    stage.refused(agent, STAGING, "invalid_scope");
    agent.exchange(Via.MTLS, READ).expect(200);

    realm.delete("narrowed");
    eventually("it is withdrawn", () -> version("narrowed") == 0);

    stage.refused(agent, READ, "access_denied");
    assertTrue(
        stage
            .texts("SELECT body AS text FROM ledger WHERE kind = 'policy' ORDER BY sequence DESC")
            .stream()
            .anyMatch(body ->
                body.contains("\"policy\":\"narrowed@2\"")
                    && body.contains("withdrawn")
                    && body.contains("\"by\":\"user:ada\"")
                    && body.contains("no longer needed")));

    int again = save(realm, "narrowed", WIDE);
    assertEquals(4, again);
    eventually("it is there again", () -> version("narrowed") == 4);
    agent.exchange(Via.MTLS, STAGING).expect(200);
  }

  @Test
  void a_question_without_news_is_cheap() {
    saved("quiet", WIDE);
    Waiting.sleep(Duration.ofMillis(1500));
    int whole = realm.wholeReads();
    int unchanged = realm.unchangedReads();
    int tokens = realm.tokensGiven();

    Waiting.sleep(Duration.ofMillis(2500));

    assertEquals(whole, realm.wholeReads());
    assertTrue(realm.unchangedReads() - unchanged >= 4, "both documents are asked for each second");
    assertEquals(tokens, realm.tokensGiven());
  }

  @Test
  void a_token_that_the_realm_forgot_is_replaced() {
    int tokens = realm.tokensGiven();
    realm.forgetTokens();

    saved("after", WIDE);

    assertTrue(realm.tokensGiven() > tokens);
    assertFalse(node.health().body().contains("away"));
  }

  @Test
  void a_policy_that_cannot_be_read_keeps_its_last_good_version_and_holds_back_no_other() {
    saved("broken", WIDE);
    AgentClient agent = node.agent("broken", "user:ada");

    realm.save("broken", json("broken", NARROW).replace("internal", "external"), "test");
    realm.save("never-good", "{\"name\":\"never-good\"}", "test");
    saved("neighbour", WIDE);

    assertEquals(1, version("broken"));
    assertEquals(0, version("never-good"));
    assertTrue(brokenPolicies().has("policies of keycloak policy broken"), node.health()::toString);
    assertTrue(brokenPolicies().has("policies of keycloak policy never-good"));
    assertEquals(2, node.metric("writ_source_troubles{source=\"policies\"}"));
    agent.exchange(Via.MTLS, STAGING).expect(200);

    save(realm, "never-good", WIDE);
    saved("broken", NARROW);
    stage.refused(agent, STAGING, "invalid_scope");
    eventually("nothing is broken", () -> brokenPolicies().isEmpty());
  }

  @Test
  void a_policy_beyond_the_brokers_own_bounds_is_broken_here() {
    saved("too-long", WIDE.replace("12h", "23h"));
    realm.save(
        "too-long", json("too-long", WIDE.replace("12h", "23h")).replace("23h", "48h"), "test");

    eventually("it is told", () -> brokenPolicies().has("policies of keycloak policy too-long"));
    assertEquals(1, version("too-long"));
    save(realm, "too-long", WIDE);
  }

  @Test
  void a_number_that_goes_back_is_refused_and_the_last_good_version_stays() {
    saved("back", WIDE);
    saved("back", NARROW);
    AgentClient agent = node.agent("back", "user:ada");

    realm.forge("back", 1, json("back", WIDE));
    saved("beside", WIDE);

    assertTrue(
        brokenPolicies()
            .path("policies of keycloak policy back")
            .asText()
            .contains("went back from 2 to 1"),
        node.health()::toString);
    assertEquals(2, version("back"));
    stage.refused(agent, STAGING, "invalid_scope");
    realm.forge("back", 3, json("back", WIDE));
    eventually("it goes on", () -> version("back") == 3);
  }

  @Test
  void a_number_that_comes_again_with_another_content_is_refused() {
    saved("again", NARROW);
    AgentClient agent = node.agent("again", "user:ada");

    realm.forge("again", 1, json("again", WIDE));
    saved("beside", NARROW);

    assertTrue(
        brokenPolicies()
            .path("policies of keycloak policy again")
            .asText()
            .contains("version 1 came before with another content"),
        node.health()::toString);
    stage.refused(agent, STAGING, "invalid_scope");
    realm.forge("again", 2, json("again", WIDE));
    eventually("it goes on", () -> version("again") == 2);
  }

  @Test
  void a_realm_that_went_back_as_a_whole_changes_nothing() {
    saved("whole", WIDE);
    FakeSourceRealm.Backup backup = realm.backup();
    saved("whole", NARROW);
    saved("whole", NARROW.replace("1h", "30m"));
    AgentClient agent = node.agent("whole", "user:ada");

    realm.restore(backup);
    eventually("it is told", () -> brokenPolicies().has("policies of keycloak"));

    assertTrue(
        brokenPolicies().path("policies of keycloak").asText().contains("went back"),
        node.health()::toString);
    assertEquals(3, version("whole"));
    stage.refused(agent, STAGING, "invalid_scope");
    // Which set the number comes again with, is seen as well.
    save(realm, "other", WIDE);
    save(realm, "other", NARROW);
    eventually(
        "the same number says something else",
        () -> brokenPolicies().path("policies of keycloak").asText().contains("came before"));
    assertEquals(0, version("other"));
    save(realm, "whole", WIDE);
    save(realm, "whole", WIDE);
    save(realm, "whole", NARROW);
    eventually("it goes on", () -> version("whole") == 4 && version("other") == 2);
  }

  @Test
  void nonsense_changes_nothing() {
    saved("sane", WIDE);
    for (String nonsense :
        new String[] {
          "",
          "[]",
          "{}",
          "{\"realm\":\"acme\",\"version\":9999}",
          "{\"realm\":\"other\",\"version\":9999,\"policies\":[],\"deleted\":[]}",
          "{\"realm\":\"acme\",\"realm\":\"acme\",\"version\":9999,\"policies\":[],\"deleted\":[]}",
          "{\"realm\":\"acme\",\"version\":\"9999\",\"policies\":[],\"deleted\":[]}",
          "{\"realm\":\"acme\",\"version\":9999,\"policies\":[{\"name\":\"..\"}],\"deleted\":[]}",
        }) {
      realm.garble(document -> nonsense);
      save(realm, "steady", WIDE);
      eventually("it is told: " + nonsense, () -> brokenPolicies().has("policies of keycloak"));
      assertEquals(1, version("sane"), nonsense);
      realm.back();
      save(realm, "steady", WIDE);
      eventually("well again", () -> !brokenPolicies().has("policies of keycloak"));
    }
  }

  @Test
  void what_a_realm_administers_cannot_be_applied_by_hand() {
    saved("mine", WIDE);
    String body = "{\"comment\":\"x\",\"policies\":[" + json("mine", NARROW) + "]}";

    Reply policies = node.operator().send("POST", "/v1/policies/apply", Map.of(), body);
    Reply owners =
        node.operator()
            .send(
                "POST",
                "/v1/owners/apply",
                Map.of(),
                "{\"comment\":\"x\",\"owners\":{\"users\":[\"mallory\"]}}");

    for (Reply reply : new Reply[] {policies, owners}) {
      assertEquals("urn:writ:problem:administered-elsewhere", reply.expect(409).text("type"));
      assertTrue(reply.text("detail").contains("Keycloak at " + realm.url()), reply::toString);
    }
    assertEquals(1, version("mine"));
    node.operator().send("GET", "/v1/owners/user:mallory", Map.of(), "").expect(404);
  }

  @Test
  void one_of_two_thousand_policies_is_narrowed_as_soon_as_the_only_one() {
    String wide = json("many-0000", WIDE);
    realm.losePushes();
    for (int i = 0; i < 2_000; i++) {
      String name = "many-%04d".formatted(i);
      realm.save(name, wide.replace("many-0000", name), "bulk");
    }
    eventually("all are taken over", Duration.ofSeconds(60), () -> version("many-1999") > 0);
    AgentClient agent = node.agent("many-1000", "user:ada");
    agent.exchange(Via.MTLS, STAGING).expect(200);

    long saved = System.nanoTime();
    save(realm, "many-1000", NARROW);
    eventually("it is obeyed", () -> agent.exchange(Via.MTLS, STAGING).status() == 400);
    long took = System.nanoTime() - saved;
    realm.push(node.url(), node.bundle());

    assertTrue(took < Duration.ofSeconds(2).toNanos(), () -> "it took " + took / 1_000_000 + " ms");
  }

  @Test
  void a_hint_is_taken_from_anybody_and_heeded_once_a_second() {
    saved("hinted", WIDE);
    URI poll = URI.create(node.url() + "/v1/policies/poll");
    try (Http anybody = Http.trusting(node.bundle())) {
      Waiting.sleep(Duration.ofMillis(1100));
      int before = realm.unchangedReads();
      for (int i = 0; i < 200; i++) {
        assertEquals(
            "",
            anybody
                .send("POST", poll, Map.of("Authorization", "Bearer nonsense"), "{\"now\":true}")
                .expect(202)
                .body());
      }
      assertTrue(realm.unchangedReads() - before < 40, "200 hints made the broker ask and ask");
    }
  }

  @Test
  void a_node_without_any_set_refuses_to_start_and_one_with_a_set_goes_on() throws Exception {
    saved("kept", WIDE);
    AgentClient agent = node.agent("kept", "user:ada");
    realm.away();

    try (Node second = stage.node("two")) {
      assertEquals("kept@1", Claims.of(agent.exchange(Via.MTLS, READ).expect(200)).get("policy"));
      assertTrue(
          second.health().expect(200).json().path("broken").has("policies of keycloak (away)"),
          second.health()::toString);
    }
    try (FakeSourceRealm unknown = FakeSourceRealm.https()) {
      unknown.away();
      String settings =
          "policies: { %s }\n".formatted(stage.keycloak(unknown)).replace(realm.url(), "");
      IllegalStateException refused =
          assertThrows(IllegalStateException.class, () -> stage.node("three", settings));
      assertTrue(refused.toString().contains("cannot be taken from it now"), refused::toString);
    }
  }
}
