package dev.writ.broker.api;

import static dev.writ.broker.api.TestEndpoints.ADMIN;
import static dev.writ.broker.api.TestEndpoints.AUDITOR;
import static dev.writ.broker.api.TestEndpoints.LAUNCHER;
import static dev.writ.broker.api.TestEndpoints.OWNER;
import static dev.writ.broker.api.TestEndpoints.STRANGER;
import static dev.writ.broker.api.TestEndpoints.agent;
import static dev.writ.broker.api.TestEndpoints.at;
import static dev.writ.broker.api.TestEndpoints.form;
import static dev.writ.broker.api.TestEndpoints.get;
import static dev.writ.broker.api.TestEndpoints.json;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.writ.broker.api.Callers.Known;
import dev.writ.broker.http.Answer;
import dev.writ.broker.store.TestDatabase;
import dev.writ.broker.writ.Revoking;
import dev.writ.broker.writ.TestWrits;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WritEndpointsTest {
  @RegisterExtension static final TestDatabase DATABASE = TestDatabase.migrated();

  @SuppressWarnings("NullAway.Init")
  private static TestEndpoints world;

  @SuppressWarnings("NullAway.Init")
  private static WritEndpoints endpoints;

  private UUID owner = UUID.randomUUID();

  @BeforeAll
  static void starts() {
    world = new TestEndpoints(DATABASE.database());
    endpoints =
        new WritEndpoints(
            world.callers,
            world.rights,
            world.snapshots,
            world.database,
            new Revoking(world.acts, world.writs.revocations()),
            Clock.systemUTC());
  }

  @BeforeEach
  void launches_an_agent() {
    owner = world.writs.agent();
  }

  private static List<String> writs(Answer answer) {
    assertEquals(200, answer.status());
    List<String> ids = new ArrayList<>();
    json(answer).path("writs").forEach(writ -> ids.add(writ.path("writ").asText()));
    return ids;
  }

  private Answer list(Known caller) {
    return endpoints.list(get(Map.of("agent", owner.toString())), caller);
  }

  private Answer delete(UUID writ, Known caller) {
    return endpoints.delete(at(writ.toString()), caller);
  }

  @Test
  void shows_a_writ_with_all_that_the_contract_names() {
    UUID writ = world.writs.writ(owner);
    JsonNode shown = json(list(ADMIN)).path("writs").path(0);
    assertEquals(writ.toString(), shown.path("writ").asText());
    assertEquals(owner.toString(), shown.path("agent").asText());
    assertEquals("internal", shown.path("target").asText());
    assertEquals(json(TestWrits.GRANT), shown.path("grant"));
    assertEquals("live", shown.path("state").asText());
    assertEquals("operator@7", shown.path("policy").asText());
    assertEquals("group:ops", shown.path("owner").asText());
    assertEquals("user:ada", shown.path("accountable").asText());
    Instant issued = Instant.parse(shown.path("issued_at").asText());
    assertEquals(issued.plusSeconds(300), Instant.parse(shown.path("expires_at").asText()));
  }

  @Test
  void an_agent_that_names_nobody_gets_its_own() {
    UUID writ = world.writs.writ(owner);
    world.writs.writ(world.writs.agent());
    assertEquals(List.of(writ.toString()), writs(endpoints.list(get(Map.of()), agent(owner))));
  }

  @Test
  void whoever_may_read_the_agent_lists_its_writs_and_others_learn_nothing() {
    UUID child = world.writs.agent(owner);
    UUID writ = world.writs.writ(child);
    Map<String, String> query = Map.of("agent", child.toString());
    for (Known reader : List.of(ADMIN, AUDITOR, OWNER, LAUNCHER, agent(child), agent(owner))) {
      assertEquals(List.of(writ.toString()), writs(endpoints.list(get(query), reader)));
    }
    for (Known other : List.of(STRANGER, agent(world.writs.agent()))) {
      assertEquals(404, endpoints.list(get(query), other).status());
    }
    assertEquals(
        404, endpoints.list(get(Map.of("agent", owner.toString())), agent(child)).status());
  }

  @Test
  void pages_through_all_of_them_newest_first() {
    Instant now = world.writs.now();
    List<String> newestFirst = new ArrayList<>();
    for (int age = 0; age < 5; age++) {
      Instant issued = now.minusSeconds(age / 2);
      newestFirst.add(
          world.writs.writ(owner, "internal", "live", issued, now.plusSeconds(60)).toString());
    }
    List<String> seen = new ArrayList<>();
    Map<String, String> query = new HashMap<>(Map.of("agent", owner.toString(), "limit", "2"));
    for (int page = 0; page < 3; page++) {
      Answer answer = endpoints.list(get(query), ADMIN);
      seen.addAll(writs(answer));
      assertEquals(page < 2, json(answer).has("next"));
      query.put("cursor", json(answer).path("next").asText());
    }
    assertEquals(newestFirst.size(), seen.size());
    assertEquals(Set.copyOf(newestFirst), Set.copyOf(seen));
    assertEquals(newestFirst.getLast(), seen.getLast());
  }

  @Test
  void what_was_live_ends_with_its_time_its_agent_and_its_ancestor() {
    Instant now = world.writs.now();
    UUID child = world.writs.agent(owner);
    world.writs.writ(child);
    world.writs.writ(child, "internal", "live", now.minusSeconds(300), now);
    assertEquals(List.of("live", "ended"), states(child));
    world.writs.kill(owner);
    assertEquals(List.of("ended", "ended"), states(child));
  }

  private static List<String> states(UUID agent) {
    List<String> states = new ArrayList<>();
    json(endpoints.list(get(Map.of("agent", agent.toString())), ADMIN))
        .path("writs")
        .forEach(writ -> states.add(writ.path("state").asText()));
    return states;
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "1001", "-1", "x", "", "01", "99999999999"})
  void refuses_a_limit_that_is_not_from_1_to_1000(String limit) {
    Map<String, String> query = Map.of("agent", owner.toString(), "limit", limit);
    assertEquals(400, endpoints.list(get(query), ADMIN).status());
  }

  @ParameterizedTest
  @ValueSource(strings = {"1", "1000"})
  void takes_a_limit_from_1_to_1000(String limit) {
    Map<String, String> query = Map.of("agent", owner.toString(), "limit", limit);
    assertEquals(200, endpoints.list(get(query), ADMIN).status());
  }

  @ParameterizedTest
  @CsvSource({"cursor,x,400", "agent,not-a-uuid,404", "limit,5,400"})
  void says_what_is_wrong_with_a_query(String name, String value, int status) {
    assertEquals(status, endpoints.list(get(Map.of(name, value)), ADMIN).status());
  }

  @Test
  void whoever_may_kill_the_agent_ends_its_writ() {
    UUID child = world.writs.agent(owner);
    for (Known killer : List.of(ADMIN, OWNER, LAUNCHER, agent(child), agent(owner))) {
      UUID writ = world.writs.writ(child);
      Answer answer = delete(writ, killer);
      assertEquals("dies_at", json(answer).path("result").asText());
      assertTrue(json(answer).has("dies_at"));
      assertEquals("ended", world.writs.state(writ));
    }
  }

  @Test
  void nobody_else_ends_it_and_nothing_is_recorded() {
    UUID writ = world.writs.writ(owner);
    for (Known other : List.of(AUDITOR, STRANGER, agent(world.writs.agent(owner)))) {
      assertEquals(404, delete(writ, other).status());
    }
    assertEquals(404, delete(UUID.randomUUID(), ADMIN).status());
    assertEquals(404, endpoints.delete(at("x"), ADMIN).status());
    assertEquals("live", world.writs.state(writ));
    assertEquals(List.of(), world.writs.rows(writ));
  }

  @Test
  void an_agent_revokes_its_own_token() {
    UUID writ = world.writs.writ(owner);
    Answer answer = endpoints.revoke(form("token=" + writ), agent(owner));
    assertEquals(200, answer.status());
    assertEquals(0, answer.body().length);
    assertEquals("ended", world.writs.state(writ));
    assertEquals(1, world.writs.rows(writ).size());
  }

  @Test
  void anothers_token_and_an_unknown_one_are_answered_alike_and_nothing_happens() {
    UUID writ = world.writs.writ(owner);
    for (Known other : List.of(ADMIN, STRANGER, agent(world.writs.agent(owner)))) {
      Answer answer = endpoints.revoke(form("token=" + writ), other);
      assertEquals(200, answer.status());
      assertEquals(0, answer.body().length);
    }
    assertEquals(200, endpoints.revoke(form("token=none"), agent(owner)).status());
    assertEquals("live", world.writs.state(writ));
    assertEquals(List.of(), world.writs.rows(writ));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "token=", "token=a&token=b", "other=a"})
  void revocation_without_one_token_is_an_invalid_request(String body) {
    Answer answer = endpoints.revoke(form(body), agent(owner));
    assertEquals(400, answer.status());
    assertEquals("invalid_request", json(answer).path("error").asText());
  }
}
