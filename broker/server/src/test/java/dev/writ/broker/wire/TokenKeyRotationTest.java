package dev.writ.broker.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.jwk.JWKSet;
import dev.writ.fixtures.agent.AgentClient;
import dev.writ.fixtures.agent.Ask;
import dev.writ.fixtures.agent.Launcher;
import dev.writ.fixtures.agent.Via;
import dev.writ.fixtures.http.Reply;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Keys that sign tokens follow each other: by wish, by emergency, never by surprise. */
class TokenKeyRotationTest {
  private static final String AUDIENCE = "https://deploy.internal";

  @RegisterExtension
  static final TestBroker BROKER =
      TestBroker.withPolicy(
              "deployer",
              """
              lifetime: { agent: 1h, credential: 15m }
              launch: [ operator ]
              grants: [ { internal: { audience: "https://deploy.internal", scopes: [ "deploy:read" ] } } ]
              """)
          .settings("keys: { publish-ahead: 3s }\n");

  @Test
  void a_key_signs_once_everybody_can_know_it_and_what_the_old_one_signed_stays_valid()
      throws Exception {
    Launcher admin = BROKER.operator();
    AgentClient agent = BROKER.agent("deployer");
    order(admin, "rotate", "{\"now\":true}").expect(200); // its successor is fresh
    String before = token(agent);
    String successor = version("next");

    Reply ordered = order(admin, "rotate", "{}").expect(202);
    assertEquals("scheduled", ordered.text("result"));
    assertEquals(successor, ordered.text("version"));
    Instant at = Instant.parse(ordered.text("at"));
    assertTrue(published().contains(successor));
    while (Instant.now().isBefore(at.minusMillis(200))) {
      assertNotEquals(successor, kid(token(agent)), "it signs before it is ripe");
      Thread.sleep(100);
    }
    await(() -> kid(token(agent)).equals(successor));

    assertEquals(successor, version("current"));
    assertTrue(published().contains(kid(before)));
    assertTrue(live(agent) > 1);
    assertEquals("scheduled", order(admin, "retire", "{}").expect(202).text("result"));
  }

  @Test
  void what_a_compromised_key_signed_is_refused_at_once_and_its_writs_end() throws Exception {
    Launcher admin = BROKER.operator();
    AgentClient agent = BROKER.agent("deployer");
    String stolen = token(agent);
    String heir = version("next");
    int alive = live(agent);

    Reply done = order(admin, "compromise", "{\"reason\":\"found in a log\"}").expect(200);

    assertEquals(heir, done.text("version"));
    assertEquals(kid(stolen), done.text("distrusted"));
    assertTrue(done.json().path("writs_ended").asInt() >= alive, done::toString);
    assertTrue(done.json().path("steps").size() >= 2);
    assertFalse(published().contains(kid(stolen)));
    assertEquals(0, live(agent));

    Reply refused = agent.exchange(Via.MTLS, Ask.internal(AUDIENCE, "deploy:read"));
    assertEquals("subject_token", refused.expect(400).text("reason"));
    assertEquals(0, live(agent), "nothing was minted");
    agent.renew(Via.MTLS).expect(200);
    assertEquals(heir, kid(token(agent)));
  }

  @Test
  void a_successor_or_former_key_can_be_given_up_too() {
    Launcher admin = BROKER.operator();
    String next = version("next");
    String current = version("current");

    Reply done = order(admin, "compromise", "{\"version\":\"%s\"}".formatted(next)).expect(200);

    assertEquals(current, done.text("version"));
    assertEquals(current, version("current"));
    assertNotEquals(next, version("next"));
    assertFalse(published().contains(next));
    order(admin, "compromise", "{\"version\":\"%s\"}".formatted(next)).expect(409);
    order(admin, "compromise", "{\"version\":\"nothing\"}").expect(409);
  }

  @Test
  void who_may_not_learns_nothing_of_keys() {
    AgentClient agent = BROKER.agent("deployer");
    String before = version("current");
    assertEquals(404, agent.send(Via.MTLS, "GET", "/v1/keys", Map.of(), "").status());
    assertEquals(
        404,
        agent.send(Via.MTLS, "POST", "/v1/keys/token/rotate", Map.of(), "{\"now\":true}").status());
    assertEquals(before, version("current"));
    assertEquals(404, BROKER.operator().get("/v1/keys/tokens", Map.of()).status());
    order(BROKER.operator(), "rotate", "{\"when\":1}").expect(400);
    assertEquals(before, version("current"));
  }

  private static Reply order(Launcher admin, String what, String body) {
    return admin.send("POST", "/v1/keys/token/" + what, Map.of(), body);
  }

  private static String version(String state) {
    JsonNode versions =
        BROKER.operator().get("/v1/keys/token", Map.of()).expect(200).json().path("versions");
    return StreamSupport.stream(versions.spliterator(), false)
        .filter(version -> version.path("state").asText().equals(state))
        .map(version -> version.path("id").asText())
        .findFirst()
        .orElseThrow();
  }

  private static List<String> published() {
    try {
      return JWKSet.parse(BROKER.anybody().get(BROKER.url().resolve("/jwks")).expect(200).body())
          .getKeys()
          .stream()
          .map(key -> key.getKeyID())
          .toList();
    } catch (ParseException e) {
      throw new AssertionError(e);
    }
  }

  private static String token(AgentClient agent) {
    return agent
        .exchange(Via.MTLS, Ask.internal(AUDIENCE, "deploy:read"))
        .expect(200)
        .text("access_token");
  }

  private static String kid(String token) {
    try {
      return JWSObject.parse(token).getHeader().getKeyID();
    } catch (ParseException e) {
      throw new AssertionError(e);
    }
  }

  private static int live(AgentClient agent) {
    int live = 0;
    for (JsonNode writ : BROKER.operator().writs(agent.id()).expect(200).json().path("writs")) {
      live += writ.path("state").asText().equals("live") ? 1 : 0;
    }
    return live;
  }

  private interface Condition {
    boolean holds();
  }

  private static void await(Condition condition) throws InterruptedException {
    Instant limit = Instant.now().plus(Duration.ofSeconds(10));
    while (!condition.holds()) {
      assertTrue(Instant.now().isBefore(limit), "it did not come about");
      Thread.sleep(50);
    }
  }
}
