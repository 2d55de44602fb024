package dev.writ.broker.api;

import static dev.writ.broker.api.TestEndpoints.ADMIN;
import static dev.writ.broker.api.TestEndpoints.form;
import static dev.writ.broker.api.TestEndpoints.json;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.writ.broker.access.Caller;
import dev.writ.broker.api.Callers.Known;
import dev.writ.broker.http.Answer;
import dev.writ.broker.ledger.Uuids;
import dev.writ.broker.store.TestDatabase;
import dev.writ.broker.token.AccessToken;
import dev.writ.broker.token.AccessTokenVerifier;
import dev.writ.broker.token.AccessTokens;
import dev.writ.broker.token.Confirmation;
import dev.writ.broker.token.SignedToken;
import dev.writ.broker.trust.SpiffeId;
import dev.writ.broker.writ.Revoking;
import dev.writ.broker.writ.TestWrits;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class IntrospectEndpointTest {
  @RegisterExtension static final TestDatabase DATABASE = TestDatabase.migrated();

  private static final JsonNode INACTIVE = json("{\"active\":false}");
  private static final Known DEPLOY = server("deploy");

  @SuppressWarnings("NullAway.Init")
  private static TestEndpoints world;

  @SuppressWarnings("NullAway.Init")
  private static IntrospectEndpoint endpoint;

  @BeforeAll
  static void starts() {
    world = new TestEndpoints(DATABASE.database());
    endpoint =
        new IntrospectEndpoint(
            world.callers,
            Map.of(
                "keycloak/client:deploy", Set.of("https://deploy.internal"),
                "keycloak/client:other", Set.of("https://other.internal")),
            new AccessTokenVerifier(
                TestEndpoints.ISSUER, () -> world.snapshots.current().tokenKeys()),
            world.database,
            Clock.systemUTC());
  }

  private static Known server(String client) {
    return new Known(new Caller.Workload("keycloak", client, Set.of()), Optional.empty());
  }

  private static SignedToken sign(UUID agent, UUID writ) {
    Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    return new AccessTokens(TestEndpoints.ISSUER, () -> world.snapshots.current().tokenKeys())
        .issue(
            new AccessToken(
                new SpiffeId(TestEndpoints.DOMAIN, agent),
                "https://deploy.internal",
                now,
                now.plusSeconds(300),
                writ.toString(),
                List.of("deploy:read"),
                TestWrits.GRANT,
                new Confirmation.Key("thumbprint"),
                "operator@7",
                "group:ops",
                List.of()));
  }

  private static SignedToken issue(UUID agent, UUID writ) {
    SignedToken token = sign(agent, writ);
    world.writs.insert(
        writ,
        agent,
        "internal",
        "live",
        world.writs.now(),
        token.expiresAt(),
        TestWrits.hash(token.text()),
        Optional.empty());
    return token;
  }

  private static JsonNode introspect(String token, Known caller) {
    Answer answer = endpoint.introspect(form("token=" + token + "&token_type_hint=x"), caller);
    assertEquals(200, answer.status());
    return json(answer);
  }

  @Test
  void a_live_token_of_its_own_audience_is_active_with_all_it_says() {
    UUID agent = world.writs.agent();
    UUID writ = Uuids.next();
    SignedToken token = issue(agent, writ);
    JsonNode answer = introspect(token.text(), DEPLOY);
    assertTrue(answer.path("active").booleanValue());
    String subject = "spiffe://writ.local/agent/" + agent;
    assertEquals(TestEndpoints.ISSUER, answer.path("iss").asText());
    assertEquals(subject, answer.path("sub").asText());
    assertEquals(subject, answer.path("client_id").asText());
    assertEquals("https://deploy.internal", answer.path("aud").asText());
    assertEquals(token.expiresAt().getEpochSecond(), answer.path("exp").longValue());
    assertEquals(token.expiresAt().getEpochSecond() - 300, answer.path("iat").longValue());
    assertEquals(writ.toString(), answer.path("jti").asText());
    assertEquals("deploy:read", answer.path("scope").asText());
    assertEquals(json(TestWrits.GRANT), answer.path("authorization_details"));
    assertEquals(json("{\"jkt\":\"thumbprint\"}"), answer.path("cnf"));
    assertEquals("DPoP", answer.path("token_type").asText());
    assertEquals("operator@7", answer.path("policy").asText());
    assertEquals("group:ops", answer.path("owner").asText());
  }

  @Test
  void another_resource_server_is_told_inactive() {
    String token = issue(world.writs.agent(), Uuids.next()).text();
    assertEquals(INACTIVE, introspect(token, server("other")));
  }

  @Test
  void whoever_is_no_resource_server_finds_nothing_here() {
    String token = issue(world.writs.agent(), Uuids.next()).text();
    for (Known other : List.of(ADMIN, server("orchestrator"))) {
      assertEquals(404, endpoint.introspect(form("token=" + token), other).status());
    }
  }

  @Test
  void a_killed_agents_token_is_inactive_at_once() {
    UUID agent = world.writs.agent();
    String token = issue(agent, Uuids.next()).text();
    assertTrue(introspect(token, DEPLOY).path("active").booleanValue());
    world.writs.kill(agent);
    assertEquals(INACTIVE, introspect(token, DEPLOY));
  }

  @Test
  void the_token_of_a_killed_agents_child_is_inactive() {
    UUID parent = world.writs.agent();
    String token = issue(world.writs.agent(parent), Uuids.next()).text();
    world.writs.kill(parent);
    assertEquals(INACTIVE, introspect(token, DEPLOY));
  }

  @Test
  void a_revoked_token_is_inactive_at_once() {
    UUID writ = Uuids.next();
    String token = issue(world.writs.agent(), writ).text();
    new Revoking(world.acts, world.writs.revocations()).end(writ, "operator");
    assertEquals(INACTIVE, introspect(token, DEPLOY));
  }

  @Test
  void a_token_that_was_signed_but_never_recorded_is_inactive() {
    assertEquals(INACTIVE, introspect(sign(world.writs.agent(), Uuids.next()).text(), DEPLOY));
  }

  @Test
  void another_token_that_names_a_recorded_writ_is_inactive() {
    UUID agent = world.writs.agent();
    UUID writ = Uuids.next();
    issue(agent, writ);
    assertEquals(INACTIVE, introspect(sign(agent, writ).text(), DEPLOY));
  }

  @Test
  void anything_else_is_inactive() {
    assertEquals(INACTIVE, introspect("ghs_something", DEPLOY));
  }

  @Test
  void without_a_token_it_is_an_invalid_request() {
    Answer answer = endpoint.introspect(form(""), DEPLOY);
    assertEquals(400, answer.status());
    assertEquals("invalid_request", json(answer).path("error").asText());
  }
}
