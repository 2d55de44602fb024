package dev.writ.keycloak;

import static dev.writ.fixtures.time.Waiting.eventually;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.writ.fixtures.agent.AgentClient;
import dev.writ.fixtures.agent.Ask;
import dev.writ.fixtures.agent.Launch;
import dev.writ.fixtures.agent.Launcher;
import dev.writ.fixtures.agent.Via;
import dev.writ.fixtures.http.Reply;
import dev.writ.fixtures.keycloak.KeycloakRealm;
import dev.writ.keycloak.BrokerNodes.Node;
import java.nio.file.Path;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAdjusters;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Two brokers on one database obey what is administered in a real realm. */
@SuppressWarnings("NullAway.Init")
class TwoBrokersTest {
  @RegisterExtension static final TestKeycloak KEYCLOAK = TestKeycloak.onPostgres();
  @TempDir private static Path folder;

  private static final Ask READ = Ask.internal("https://deploy.internal", "deploy:read");

  private static KeycloakRealm realm;
  private static RealSourceRealm source;
  private static BrokerNodes nodes;
  private static Node one;
  private static Node two;

  @BeforeAll
  static void start() throws Exception {
    realm = KEYCLOAK.realm();
    source = new RealSourceRealm(realm);
    for (String name : List.of("ada", "grace", "root")) {
      realm.user(name);
    }
    source.group("platform", List.of("ada", "grace"));
    source.group("security", List.of("root"));
    realm.allowPasswords("writ-console");
    WritApi.of(realm).save("operator", 0, "", ChangedPolicies.wide("operator")).expect(201);
    nodes = new BrokerNodes(folder, KEYCLOAK.postgres(), realm);
    one = nodes.start("one");
    two = nodes.start("two");
    source.push(one.url(), one.bundle());
  }

  @AfterAll
  static void stop() {
    nodes.close();
  }

  private static String token(String person) {
    return realm.person(person).token("writ-console");
  }

  private static AgentClient agent(String launcher, String owner) {
    return one.agent(token(launcher), "operator", owner);
  }

  private static ChangedPolicies policies(String prefix, int count) {
    return new ChangedPolicies(WritApi.of(realm), prefix, count, token("ada"), one, two);
  }

  @Test
  void a_saved_change_is_obeyed_by_every_exchange_that_starts_two_seconds_later() throws Exception {
    try (ChangedPolicies policies = policies("pushed", 4)) {
      policies.change(4);
      policies.obeyed("with the push");
    }
  }

  @Test
  void also_when_the_push_is_lost() throws Exception {
    source.losePushes();
    try (ChangedPolicies policies = policies("polled", 4)) {
      policies.change(4);
      policies.obeyed("without the push");
    } finally {
      source.push(one.url(), one.bundle());
    }
  }

  @Test
  @Tag("long")
  void hundreds_of_changes_are_obeyed_with_the_push_and_without() throws Exception {
    try (ChangedPolicies policies = policies("often", 6)) {
      policies.change(32);
      policies.obeyed("with the push");
    }
    source.losePushes();
    try (ChangedPolicies policies = policies("often-lost", 6)) {
      policies.change(32);
      policies.obeyed("without the push");
    } finally {
      source.push(one.url(), one.bundle());
    }
  }

  @Test
  void while_keycloak_stands_still_agents_go_on_and_the_age_of_its_word_is_told() throws Exception {
    AgentClient agent = agent("ada", "user:ada");
    KEYCLOAK.server().pause();
    try {
      Thread.sleep(8_000);
      for (Node node : List.of(one, two)) {
        assertEquals(200, agent.copyAt(node.url()).exchange(Via.MTLS, READ).status());
        JsonNode health = node.management("/health/ready").expect(200).json();
        assertTrue(health.path("policies").path("age_seconds").asInt() >= 7, health.toString());
        assertEquals("ok", health.path("policies").path("issuing").asText());
        for (String kind : List.of("policies", "owners")) {
          assertTrue(node.metric("writ_source_age_seconds{source=\"" + kind + "\"}") >= 7);
        }
      }
    } finally {
      KEYCLOAK.server().resume();
    }
    try (ChangedPolicies policies = policies("after", 1)) {
      policies.change(1);
      policies.obeyed("after a pause");
    }
    assertTrue(one.metric("writ_source_age_seconds{source=\"policies\"}") < 7);
  }

  @Test
  void agents_of_a_disabled_person_are_refused_on_both_nodes_within_two_seconds() throws Exception {
    AgentClient owned = agent("ada", "user:grace");
    AgentClient launched = agent("grace", "user:ada");
    String graces = token("grace");
    assertEquals(200, owned.exchange(Via.MTLS, READ).status());
    assertEquals(200, launched.exchange(Via.MTLS, READ).status());

    source.user("grace", false);
    Thread.sleep(ChangedPolicies.WITHIN);

    long minted = nodes.minted();
    for (Node node : List.of(one, two)) {
      refused(owned.copyAt(node.url()), "owner");
      refused(launched.copyAt(node.url()), "launcher");
      // Her access token lives some minutes longer.
      try (Launcher launcher = node.as(graces)) {
        assertEquals(404, launcher.launch(Launch.of("operator").owner("user:ada")).status());
      }
    }
    assertEquals(minted, nodes.minted());

    source.user("grace", true);
    eventually("it is over", () -> owned.exchange(Via.MTLS, READ).status() == 200);
    assertEquals(200, launched.exchange(Via.MTLS, READ).status());
  }

  private static void refused(AgentClient agent, String rule) {
    Reply reply = agent.exchange(Via.MTLS, READ);
    assertEquals("access_denied", reply.error(), reply::toString);
    assertEquals(rule, reply.json().path("denial").path("rule").asText(), reply::toString);
  }

  @Test
  void who_is_disabled_before_any_broker_heard_of_him_launches_nothing() {
    KeycloakRealm.Person mallory = realm.disabledUser("mallory");
    // The brokers may not read while he is let in.
    WritApi.of(realm).send("PUT", "settings", "{\"broker_client\":\"none\"}").expect(200);
    String token;
    try {
      source.user("mallory", true);
      token = mallory.token("writ-console");
      source.user("mallory", false);
    } finally {
      source.push(one.url(), one.bundle());
    }
    assertEquals("", nodes.database().text("select name from owner where name = 'user:mallory'"));
    long agents = count("agent");
    for (Node node : List.of(one, two)) {
      try (Launcher launcher = node.as(token)) {
        Reply reply = launcher.launch(Launch.of("operator").owner("group:platform"));
        assertEquals(404, reply.status(), reply::toString);
      }
    }
    assertEquals(agents, count("agent"));
  }

  private static long count(String table) {
    return Long.parseLong(nodes.database().text("select count(*)::text from " + table));
  }

  @Test
  void groups_and_their_attributes_in_keycloak_decide_who_is_accountable() {
    String monday =
        LocalDate.now(ZoneOffset.UTC)
            .with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY))
            .toString();
    source.group("turns", List.of("ada", "grace"));
    attributes(Map.of("writ.order", List.of("grace, ada"), "writ.rotation.from", List.of(monday)));
    accountable("user:grace");
    AgentClient agent = agent("ada", "group:turns");
    assertEquals(200, agent.exchange(Via.MTLS, READ).status());
    assertEquals("user:grace", lastAccountable(agent));

    Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    String ada = now.minusSeconds(60) + "/" + now.plusSeconds(3_600) + " ada";
    attributes(
        Map.of(
            "writ.order", List.of("grace, ada"),
            "writ.rotation.from", List.of(monday),
            "writ.override", List.of(ada)));
    accountable("user:ada");
    assertEquals(200, agent.copyAt(two.url()).exchange(Via.MTLS, READ).status());
    assertEquals("user:ada", lastAccountable(agent));
  }

  private static void attributes(Map<String, List<String>> attributes) {
    realm.attributes(realm.group("turns"), attributes);
  }

  private static void accountable(String person) {
    for (Node node : List.of(one, two)) {
      try (Launcher root = node.as(token("root"))) {
        eventually(
            person,
            () -> {
              Reply reply = root.get("/v1/owners/group:turns", Map.of());
              return reply.json().path("accountable").asText().equals(person);
            });
      }
    }
  }

  private static String lastAccountable(AgentClient agent) {
    return nodes
        .database()
        .text(
            "select accountable from writ where agent = '"
                + agent.id()
                + "' order by sequence desc limit 1");
  }
}
