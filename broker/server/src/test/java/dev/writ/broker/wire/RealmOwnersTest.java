package dev.writ.broker.wire;

import static dev.writ.broker.wire.RealmStage.READ;
import static dev.writ.broker.wire.RealmStage.WIDE;
import static dev.writ.broker.wire.RealmStage.save;
import static dev.writ.fixtures.time.Waiting.eventually;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.writ.broker.store.TestDatabase;
import dev.writ.broker.wire.RealmStage.Node;
import dev.writ.fixtures.agent.AgentClient;
import dev.writ.fixtures.agent.Launch;
import dev.writ.fixtures.agent.Launcher;
import dev.writ.fixtures.agent.Via;
import dev.writ.fixtures.http.Reply;
import dev.writ.fixtures.keycloaksource.FakeSourceRealm;
import dev.writ.fixtures.oidc.KeycloakToken;
import dev.writ.fixtures.time.Waiting;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Owners that are a realm's users and groups. */
@SuppressWarnings("NullAway.Init")
class RealmOwnersTest {
  @RegisterExtension static final TestDatabase DATABASE = TestDatabase.migrated();

  @TempDir static Path folder;

  private static FakeSourceRealm realm;
  private static RealmStage stage;
  private static Node node;

  @BeforeAll
  static void begin() throws Exception {
    realm = FakeSourceRealm.https();
    stage = new RealmStage(folder, DATABASE, realm);
    save(
        realm, "operator", WIDE.replace("owners: [", "owners: [ \"group:solo\", \"group:mates\","));
    realm.group("solo", List.of("ada"));
    node =
        stage.node(
            "one",
            stage.sources()
                + "launchers: [ { name: keycloak, issuer: \"%s\", audience: writ, ca: kc-ca.pem } ]\n"
                    .formatted(realm.url())
                + "admins: [ \"keycloak/user:root\" ]\n");
    realm.push(node.url(), node.bundle());
  }

  @AfterEach
  void heal() {
    realm.back();
    realm.user("ada", true);
    realm.user("grace", true);
    realm.group("solo", List.of("ada"));
    eventually("all is well", () -> node.health().json().path("broken").isEmpty());
    eventually(
        "all are there",
        () -> answers("user:ada") && answers("user:grace") && answers("group:solo"));
  }

  @AfterAll
  static void end() throws Exception {
    stage.close();
    realm.close();
  }

  private static Launcher as(KeycloakToken token) {
    return node.bearer(token.sign());
  }

  private static AgentClient agent(String launcher, String owner) {
    return as(realm.issuer().user(launcher)).bringUp(Launch.of("operator").owner(owner));
  }

  private static boolean answers(String owner) {
    Reply reply = asked(owner);
    return reply.status() == 200 && reply.json().has("accountable");
  }

  private static Reply asked(String owner) {
    return as(realm.issuer().user("root")).send("GET", "/v1/owners/" + owner, Map.of(), "");
  }

  private static void refused(AgentClient agent, String rule) {
    Reply reply = stage.refused(agent, READ, "access_denied");
    assertEquals(rule, reply.json().path("denial").path("rule").asText(), reply::toString);
  }

  private static boolean issues(AgentClient agent) {
    return agent.exchange(Via.MTLS, READ).status() == 200;
  }

  @Test
  void a_disabled_owners_agents_are_refused_until_they_are_enabled_again() {
    AgentClient agent = agent("grace", "user:ada");
    assertTrue(issues(agent));

    realm.user("ada", false);
    eventually("it counts", () -> !issues(agent));
    refused(agent, "owner");
    int agents = stage.texts("SELECT id::text AS text FROM agent").size();
    as(realm.issuer().user("grace")).launch(Launch.of("operator").owner("user:ada")).expect(404);
    assertEquals(agents, stage.texts("SELECT id::text AS text FROM agent").size());

    realm.user("ada", true);
    eventually("it is over", () -> issues(agent));
  }

  @Test
  void a_deleted_owners_agents_are_refused() {
    realm.user("joan", true);
    eventually("she is there", () -> answers("user:joan"));
    save(
        realm,
        "operator",
        WIDE.replace("owners: [", "owners: [ \"user:joan\", \"group:solo\", \"group:mates\","));
    eventually(
        "she may own",
        () ->
            stage.texts("SELECT canonical AS text FROM policy").stream()
                .anyMatch(text -> text.contains("joan")));
    AgentClient agent = agent("grace", "user:joan");
    assertTrue(issues(agent));

    realm.removeUser("joan");

    eventually("it counts", () -> !issues(agent));
    refused(agent, "owner");
  }

  @Test
  void a_disabled_launchers_agents_are_refused_and_none_is_launched() {
    AgentClient agent = agent("grace", "group:solo");
    assertTrue(issues(agent));

    realm.user("grace", false);
    eventually("it counts", () -> !issues(agent));
    refused(agent, "launcher");
    // Her access token lives a few minutes longer.
    as(realm.issuer().user("grace")).launch(Launch.of("operator").owner("group:solo")).expect(404);
  }

  @Test
  void who_was_disabled_before_the_broker_heard_of_them_launches_and_kills_nothing() {
    AgentClient agent = agent("ada", "group:solo");
    KeycloakToken stranger = realm.issuer().user("stranger").groups("/operators", "/solo");
    save(realm, "strangers", WIDE.replace("launch: [", "launch: [ \"keycloak/group:operators\","));
    eventually(
        "it is there",
        () -> stage.texts("SELECT name AS text FROM policy_head").contains("strangers"));
    int agents = stage.texts("SELECT id::text AS text FROM agent").size();

    as(stranger).launch(Launch.of("strangers").owner("group:solo")).expect(404);
    as(stranger).kill(agent.id()).expect(404);
    assertEquals(agents, stage.texts("SELECT id::text AS text FROM agent").size());
    assertTrue(issues(agent));

    realm.user("stranger", true);
    eventually("he is known", () -> answers("user:stranger"));
    as(stranger).launch(Launch.of("strangers").owner("group:solo")).expect(201);
    realm.removeUser("stranger");
  }

  @Test
  void a_groups_agents_are_refused_while_the_accountable_person_is_disabled() {
    realm.group("mates", List.of("ada", "grace"));
    eventually("it is there", () -> answers("group:mates"));
    AgentClient agent = agent("ada", "group:mates");
    String accountable = asked("group:mates").text("accountable").substring("user:".length());
    // The launcher must not be the reason.
    AgentClient own = agent(accountable.equals("ada") ? "grace" : "ada", "group:mates");
    assertTrue(issues(agent) && issues(own));

    realm.user(accountable, false);

    eventually("it counts", () -> !issues(own));
    refused(own, "owner");
    Reply nobody = asked("group:mates").expect(200);
    assertTrue(nobody.text("nobody").contains("user:" + accountable), nobody::toString);
    assertTrue(nobody.text("nobody").contains("stand in"), nobody::toString);
    // Who answered yesterday did, whatever became of them.
    String past =
        as(realm.issuer().user("root"))
            .send("GET", "/v1/owners/group:mates?at=2026-11-20T00:00:00Z", Map.of(), "")
            .expect(200)
            .body();
    assertTrue(past.contains("accountable"), past);
    realm.user(accountable, true);
    eventually("it is over", () -> issues(own));
  }

  @Test
  void a_group_without_an_enabled_member_is_no_owner() {
    AgentClient agent = agent("grace", "group:solo");
    assertTrue(issues(agent));

    realm.group("solo", List.of());

    eventually("it counts", () -> !issues(agent));
    refused(agent, "owner");
  }

  @Test
  void members_change_at_the_next_hand_over() {
    realm.group("mates", List.of("ada", "grace"));
    eventually("it is there", () -> answers("group:mates"));
    Reply before = asked("group:mates");
    String other = before.text("accountable").equals("user:ada") ? "grace" : "ada";

    realm.group("mates", List.of(other));
    eventually(
        "it is known",
        () ->
            stage
                .texts("SELECT definition AS text FROM owner WHERE name = 'group:mates'")
                .getFirst()
                .contains(before.text("until").substring(0, 10)));

    assertEquals(before.text("accountable"), asked("group:mates").text("accountable"));
    Reply next =
        as(realm.issuer().user("root"))
            .send("GET", "/v1/owners/group:mates?at=" + before.text("until"), Map.of(), "")
            .expect(200);
    assertEquals("user:" + other, next.text("accountable"));
  }

  @Test
  void a_group_that_cannot_be_read_stays_as_it_was_and_who_is_disabled_counts_all_the_same() {
    AgentClient own = agent("ada", "user:grace");
    AgentClient groups = agent("ada", "group:solo");
    realm.garble(document -> document.replace("\"weeks\":1", "\"weeks\":0"));

    realm.user("grace", false);

    eventually("it counts", () -> !issues(own));
    refused(own, "owner");
    assertTrue(issues(groups));
    String broken = node.health().json().path("broken").toString();
    assertTrue(broken.contains("owners of keycloak group solo"), broken);
  }

  @Test
  void a_group_of_which_an_override_cannot_be_read_counts_all_the_same() {
    realm.group("relief", List.of("ada"));
    eventually("it is there", () -> answers("group:relief"));
    assertEquals("user:ada", asked("group:relief").text("accountable"));
    Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    String grace = now.minusSeconds(60) + "/" + now.plusSeconds(3600) + " grace";

    realm.overrides("relief", List.of("whenever she likes", grace));

    eventually(
        "she stands in", () -> asked("group:relief").text("accountable").equals("user:grace"));
    String broken = node.health().json().path("broken").toString();
    assertTrue(broken.contains("owners of keycloak group relief"), broken);
    realm.overrides("relief", List.of());
  }

  @Test
  void a_document_that_cannot_be_read_changes_nothing() {
    AgentClient agent = agent("ada", "user:ada");
    for (String nonsense :
        List.of(
            "{\"realm\":\"acme\",\"version\":99999,\"users\":[\"ada\",\"ada\"],\"groups\":[]}",
            "{\"realm\":\"acme\",\"version\":99999,\"users\":[\"user:ada\"],\"groups\":[]}",
            "{\"realm\":\"acme\",\"version\":99999,\"users\":[]}")) {
      realm.garble(document -> document.contains("\"policies\"") ? document : nonsense);
      realm.user("grace", true);
      eventually(
          "it is told: " + nonsense,
          () -> node.health().json().path("broken").has("owners of keycloak"));
      assertTrue(issues(agent));
      realm.back();
      realm.user("grace", true);
      eventually(
          "well again", () -> !node.health().json().path("broken").has("owners of keycloak"));
    }
  }

  @Test
  void twenty_thousand_users_slow_no_poll_and_no_exchange() {
    AgentClient agent = agent("ada", "user:ada");
    realm.users(IntStream.range(0, 20_000).mapToObj(i -> "user-%05d".formatted(i)).toList());
    long longest = 0;
    long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    while (!answers("user:user-19999")) {
      assertTrue(System.nanoTime() < end, "still not taken over");
      long started = System.nanoTime();
      assertTrue(issues(agent));
      longest = Math.max(longest, System.nanoTime() - started);
    }
    assertTrue(longest < Duration.ofSeconds(1).toNanos(), () -> "an exchange waited for it");
    Waiting.sleep(Duration.ofMillis(1500));
    int whole = realm.wholeReads();
    int unchanged = realm.unchangedReads();
    Waiting.sleep(Duration.ofSeconds(3));
    assertEquals(whole, realm.wholeReads());
    assertTrue(realm.unchangedReads() - unchanged >= 4);

    long disabled = System.nanoTime();
    realm.user("ada", false);
    eventually("one of them is disabled", () -> !issues(agent));
    assertTrue(System.nanoTime() - disabled < Duration.ofSeconds(2).toNanos());
    assertEquals(
        1,
        stage
            .texts(
                "SELECT body AS text FROM ledger WHERE kind = 'owner' AND body LIKE"
                    + " '%changed_count%'")
            .size());
  }
}
