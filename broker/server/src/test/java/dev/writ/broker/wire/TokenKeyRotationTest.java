package dev.writ.broker.wire;

import static dev.writ.broker.wire.Deployer.READ;
import static dev.writ.fixtures.time.Waiting.eventually;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.jwk.JWKSet;
import dev.writ.fixtures.agent.AgentClient;
import dev.writ.fixtures.agent.OperatedKeys;
import dev.writ.fixtures.agent.Via;
import dev.writ.fixtures.http.Reply;
import java.text.ParseException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Keys that sign tokens follow each other: by wish, by emergency, never by surprise. */
class TokenKeyRotationTest {
  @RegisterExtension
  static final TestBroker BROKER = Deployer.broker().settings("keys: { publish-ahead: 3s }\n");

  private static final OperatedKeys KEYS = new OperatedKeys(BROKER::operator);

  @Test
  void a_key_signs_once_everybody_can_know_it_and_what_the_old_one_signed_stays_valid()
      throws Exception {
    AgentClient agent = BROKER.agent("deployer");
    KEYS.rotateNow("token").expect(200); // its successor is fresh
    String before = token(agent);
    String successor = KEYS.version("token", "next");

    Reply ordered = KEYS.rotate("token").expect(202);
    assertEquals("scheduled", ordered.text("result"));
    assertEquals(successor, ordered.text("version"));
    Instant at = Instant.parse(ordered.text("at"));
    assertTrue(published().contains(successor));
    while (Instant.now().isBefore(at.minusMillis(200))) {
      assertNotEquals(successor, kid(token(agent)), "it signs before it is ripe");
      Thread.sleep(100);
    }
    eventually("it signs", () -> kid(token(agent)).equals(successor));

    assertEquals(successor, KEYS.current("token"));
    assertTrue(published().contains(kid(before)));
    assertTrue(live(agent) > 1);
    assertEquals("scheduled", KEYS.retire("token").expect(202).text("result"));
  }

  @Test
  void what_a_compromised_key_signed_is_refused_at_once_and_its_writs_end() throws Exception {
    AgentClient agent = BROKER.agent("deployer");
    String stolen = token(agent);
    String heir = KEYS.version("token", "next");
    int alive = live(agent);

    Reply done = KEYS.compromise("token").expect(200);

    assertEquals(heir, done.text("version"));
    assertEquals(kid(stolen), done.text("distrusted"));
    assertTrue(done.json().path("writs_ended").asInt() >= alive, done::toString);
    assertTrue(done.json().path("steps").size() >= 2);
    assertFalse(published().contains(kid(stolen)));
    assertEquals(0, live(agent));

    Reply refused = agent.exchange(Via.MTLS, READ);
    assertEquals("subject_token", refused.expect(400).text("reason"));
    assertEquals(0, live(agent), "nothing was minted");
    agent.renew(Via.MTLS).expect(200);
    assertEquals(heir, kid(token(agent)));
  }

  @Test
  void a_successor_or_former_key_can_be_given_up_too() {
    String next = KEYS.version("token", "next");
    String current = KEYS.current("token");

    Reply done =
        KEYS.order("token", "compromise", "{\"version\":\"%s\"}".formatted(next)).expect(200);

    assertEquals(current, done.text("version"));
    assertEquals(current, KEYS.current("token"));
    assertNotEquals(next, KEYS.version("token", "next"));
    assertFalse(published().contains(next));
    KEYS.order("token", "compromise", "{\"version\":\"%s\"}".formatted(next)).expect(409);
    KEYS.order("token", "compromise", "{\"version\":\"nothing\"}").expect(409);
  }

  @Test
  void who_may_not_learns_nothing_of_keys() {
    AgentClient agent = BROKER.agent("deployer");
    String before = KEYS.current("token");
    assertEquals(404, agent.send(Via.MTLS, "GET", "/v1/keys", Map.of(), "").status());
    assertEquals(
        404,
        agent.send(Via.MTLS, "POST", "/v1/keys/token/rotate", Map.of(), "{\"now\":true}").status());
    assertEquals(before, KEYS.current("token"));
    assertEquals(404, BROKER.operator().get("/v1/keys/tokens", Map.of()).status());
    KEYS.order("token", "rotate", "{\"when\":1}").expect(400);
    assertEquals(before, KEYS.current("token"));
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
    return agent.exchange(Via.MTLS, READ).expect(200).text("access_token");
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
}
