package dev.writ.broker.api;

import static dev.writ.broker.api.TestEndpoints.ADMIN;
import static dev.writ.broker.api.TestEndpoints.AUDITOR;
import static dev.writ.broker.api.TestEndpoints.LAUNCHER;
import static dev.writ.broker.api.TestEndpoints.OWNER;
import static dev.writ.broker.api.TestEndpoints.STRANGER;
import static dev.writ.broker.api.TestEndpoints.agent;
import static dev.writ.broker.api.TestEndpoints.get;
import static dev.writ.broker.api.TestEndpoints.json;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.fasterxml.jackson.databind.JsonNode;
import dev.writ.broker.api.Callers.Known;
import dev.writ.broker.blame.Blame;
import dev.writ.broker.http.Answer;
import dev.writ.broker.ledger.Acts.Note;
import dev.writ.broker.ledger.Uuids;
import dev.writ.broker.store.TestDatabase;
import dev.writ.broker.writ.TestWrits;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class BlameEndpointTest {
  @RegisterExtension static final TestDatabase DATABASE = TestDatabase.migrated();

  @SuppressWarnings("NullAway.Init")
  private static TestEndpoints world;

  @SuppressWarnings("NullAway.Init")
  private static BlameEndpoint endpoint;

  @BeforeAll
  static void starts() {
    world = new TestEndpoints(DATABASE.database());
    endpoint =
        new BlameEndpoint(
            world.callers,
            world.rights,
            world.snapshots,
            new Blame(world.database, world.snapshots, Clock.systemUTC()),
            TestEndpoints.DOMAIN,
            Clock.systemUTC());
  }

  private static JsonNode blame(String... query) {
    Answer answer = answer(ADMIN, query);
    assertEquals(200, answer.status());
    return json(answer);
  }

  private static Answer answer(Known caller, String... query) {
    Map<String, String> parameters =
        query.length == 2
            ? Map.of(query[0], query[1])
            : Map.of(query[0], query[1], query[2], query[3]);
    return endpoint.blame(get(parameters), caller);
  }

  @Test
  void says_who_held_it_and_who_answers_for_it() {
    UUID parent = world.writs.agent();
    UUID id = world.writs.agent(parent);
    UUID writ = world.writs.writ(id);
    JsonNode blame = blame("jti", writ.toString());
    assertEquals(writ.toString(), blame.path("writ").asText());
    assertEquals(id.toString(), blame.path("agent").asText());
    assertEquals("spiffe://writ.local/agent/" + id, blame.path("spiffe_id").asText());
    assertEquals(json("[\"" + parent + "\"]"), blame.path("lineage"));
    assertEquals("keycloak/client:orchestrator", blame.path("launcher").asText());
    assertEquals(json("{\"person\":\"user:grace\",\"claimed\":true}"), blame.path("requested_by"));
    assertEquals("operator@7", blame.path("policy").asText());
    assertEquals(json(TestWrits.GRANT), blame.path("grant"));
    assertEquals("group:ops", blame.path("owner").asText());
    assertEquals("user:ada", blame.path("accountable").asText());
    assertEquals(1, blame.path("enrolment").path("number").asInt());
    assertEquals("keycloak/client:orchestrator", blame.path("enrolment").path("by").asText());
    assertEquals(41, blame.path("sequence").asInt());
    assertFalse(blame.has("killed"));
  }

  @Test
  void finds_a_credential_by_its_hash_and_by_its_access_key() {
    UUID writ = Uuids.next();
    Instant now = world.writs.now();
    world.writs.insert(
        writ,
        world.writs.agent(),
        "aws",
        "live",
        now,
        now.plusSeconds(300),
        TestWrits.hash("secret"),
        Optional.of("AKIAEXAMPLE"));
    String hash = "2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b";
    assertEquals(writ.toString(), blame("token_sha256", hash).path("writ").asText());
    assertEquals(writ.toString(), blame("aws_access_key_id", "AKIAEXAMPLE").path("writ").asText());
    assertEquals(
        writ.toString(),
        blame("github_hashed_token", "K7gNU3sdo+OL0wNhqoVWhr3g6s1xYv72ol/pe/Unols=")
            .path("writ")
            .asText());
  }

  @Test
  void an_agent_at_an_instant_held_the_writ_that_was_in_force_then() {
    Instant start = world.writs.now().truncatedTo(ChronoUnit.SECONDS).minusSeconds(1_000);
    UUID id = world.writs.agent();
    UUID first = world.writs.writ(id, "internal", "live", start, start.plusSeconds(100));
    UUID second =
        world.writs.writ(id, "internal", "live", start.plusSeconds(50), start.plusSeconds(60));
    world.writs.writ(id, "github", "refused", start.plusSeconds(55), start.plusSeconds(90));
    assertEquals(first.toString(), held(id, start));
    assertEquals(first.toString(), held(id, start.plusMillis(49_999)));
    assertEquals(second.toString(), held(id, start.plusSeconds(50)));
    assertEquals(second.toString(), held(id, start.plusMillis(59_999)));
    assertEquals(first.toString(), held(id, start.plusSeconds(60)));
    assertEquals("", held(id, start.plusSeconds(100)));
    assertEquals("", held(id, start.minusMillis(1)));
  }

  private static String held(UUID agent, Instant at) {
    return blame("agent", agent.toString(), "at", at.toString()).path("writ").asText();
  }

  @Test
  void without_a_writ_the_agents_own_facts_are_those_of_its_launch() {
    UUID id = world.writs.agent();
    Map<String, Object> body =
        Map.of("kind", "launch", "owner", "group:web", "accountable", "user:lin");
    long sequence = world.acts.act(act -> act.record(Note.about("launch", id, body)));
    JsonNode blame = blame("agent", id.toString(), "at", Instant.now().toString());
    assertFalse(blame.has("writ"));
    assertFalse(blame.has("grant"));
    assertEquals("group:web", blame.path("owner").asText());
    assertEquals("user:lin", blame.path("accountable").asText());
    assertEquals("operator@7", blame.path("policy").asText());
    assertEquals(sequence, blame.path("sequence").longValue());
  }

  @Test
  void without_a_stored_person_whoever_was_on_duty_answers() {
    JsonNode blame = blame("agent", world.writs.agent().toString(), "at", Instant.now().toString());
    assertEquals("user:ada", blame.path("accountable").asText());
    assertFalse(blame.has("sequence"));
  }

  @Test
  void before_its_launch_there_was_no_agent() {
    UUID id = world.writs.agent();
    Instant early = world.writs.now().minus(2, ChronoUnit.HOURS);
    assertEquals(404, answer(ADMIN, "agent", id.toString(), "at", early.toString()).status());
  }

  @Test
  void a_conversation_is_that_of_its_newest_agent() {
    UUID before = world.writs.agent();
    UUID after = world.writs.agent();
    for (UUID id : List.of(before, after)) {
      world.writs.set(id, "harness = 'claude-code', session = 's-1'");
    }
    world.writs.kill(before);
    world.writs.set(before, "launched_at = launched_at - interval '1 minute'");
    UUID writ = world.writs.writ(after);
    JsonNode blame = blame("harness", "claude-code", "session", "s-1");
    assertEquals(after.toString(), blame.path("agent").asText());
    assertEquals(writ.toString(), blame.path("writ").asText());
    assertEquals(404, answer(ADMIN, "harness", "claude-code", "session", "s-2").status());
  }

  @Test
  void an_earlier_enrolment_is_shown_with_who_asked_for_it() {
    UUID id = world.writs.agent();
    for (int number = 1; number <= 3; number++) {
      Map<String, Object> body = Map.of("number", number, "by", "keycloak/user:ada-" + number);
      world.acts.act(act -> act.record(Note.about("enrol", id, body)));
    }
    UUID writ = world.writs.writ(id);
    world.database.autoCommit(
        session -> session.update("UPDATE writ SET enrolment = 2 WHERE id = ?", writ));
    world.writs.set(id, "enrolment = 3");
    JsonNode enrolment = blame("jti", writ.toString()).path("enrolment");
    assertEquals(2, enrolment.path("number").asInt());
    assertEquals("keycloak/user:ada-2", enrolment.path("by").asText());
  }

  @Test
  void a_killed_agent_is_shown_with_who_killed_it() {
    UUID id = world.writs.agent();
    UUID writ = world.writs.writ(id);
    world.writs.kill(id);
    JsonNode blame = blame("jti", writ.toString());
    assertEquals("keycloak/user:ada", blame.path("killed").path("by").asText());
    assertEquals("test", blame.path("killed").path("reason").asText());
    assertEquals("ended", blame.path("state").asText());
  }

  @Test
  void whoever_may_read_the_agent_may_blame_it_and_nobody_else() {
    UUID id = world.writs.agent();
    String writ = world.writs.writ(id).toString();
    for (Known reader : List.of(ADMIN, AUDITOR, OWNER, LAUNCHER, agent(id))) {
      assertEquals(200, answer(reader, "jti", writ).status());
    }
    for (Known other : List.of(STRANGER, agent(world.writs.agent(id)))) {
      assertEquals(404, answer(other, "jti", writ).status());
    }
    assertEquals(404, answer(ADMIN, "jti", UUID.randomUUID().toString()).status());
  }

  @Test
  void a_question_asked_in_two_ways_is_refused() {
    assertEquals(400, answer(ADMIN, "jti", "x", "agent", "y").status());
  }
}
