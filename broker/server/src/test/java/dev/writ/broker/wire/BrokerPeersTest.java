package dev.writ.broker.wire;

import static dev.writ.broker.wire.PeerStage.DEPLOY;
import static dev.writ.broker.wire.PeerStage.WIKI;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.writ.broker.store.TestDatabase;
import dev.writ.broker.wire.PeerStage.Resource;
import dev.writ.fixtures.agent.AgentClient;
import dev.writ.fixtures.agent.Ask;
import dev.writ.fixtures.agent.Dpop;
import dev.writ.fixtures.agent.Via;
import dev.writ.fixtures.http.Http;
import dev.writ.fixtures.http.Reply;
import dev.writ.fixtures.peer.NimbusPeer;
import dev.writ.fixtures.peer.NpmPeer;
import dev.writ.fixtures.peer.PeerRequest;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * The whole way of an internal token between processes, and through an OAuth client and JWT
 * libraries that are not ours.
 */
class BrokerPeersTest {
  @RegisterExtension static final TestDatabase DATABASE = TestDatabase.migrated();

  @TempDir static Path folder;

  @SuppressWarnings("NullAway.Init")
  private static PeerStage stage;

  @BeforeAll
  static void start() throws IOException {
    stage = new PeerStage(folder, DATABASE);
  }

  @AfterAll
  static void stop() {
    stage.close();
  }

  private static Reply withCertificate(AgentClient holder, Resource at, String token) {
    try (Http http = Http.presenting(at.caPem(), holder.svids().identity(holder.key()))) {
      return http.send("GET", build(at), Map.of("Authorization", "Bearer " + token), "");
    }
  }

  private static Reply withProof(AgentClient holder, String method, Resource at, String token) {
    Dpop proof = Dpop.proof(holder.key()).htm(method).htu(build(at)).ath(token);
    return with(at, method, Map.of("Authorization", "DPoP " + token, "DPoP", proof.sign()));
  }

  private static Reply with(Resource at, String method, Map<String, String> headers) {
    try (Http http = Http.trusting(at.caPem())) {
      return http.send(method, build(at), headers, "");
    }
  }

  private static URI build(Resource at) {
    return URI.create(at.url() + "/builds/7");
  }

  private static void assertRefused(String error, Reply reply) {
    assertTrue(
        reply.expect(401).header("WWW-Authenticate").contains("error=\"" + error + "\""),
        () -> reply + " " + reply.header("WWW-Authenticate"));
  }

  @Test
  void a_resource_server_takes_a_token_over_mtls_from_its_holder_only() throws IOException {
    AgentClient agent = stage.agent();
    AgentClient thief = stage.agent();
    String token = agent.exchange(Via.MTLS, Ask.audience(DEPLOY)).expect(200).text("access_token");

    for (Resource resource : List.of(stage.local(), stage.introspecting())) {
      Reply taken = withCertificate(agent, resource, token).expect(200);
      assertEquals(agent.svids().spiffeId(), taken.text("sub"));
      assertEquals("deploy:read deploy:staging", taken.text("scope"));
      assertEquals("deployer@1", taken.text("policy"));
      assertEquals("user:ada", taken.text("owner"));
      assertRefused("invalid_token", withCertificate(thief, resource, token));
      assertRefused(
          "invalid_token", with(resource, "GET", Map.of("Authorization", "Bearer " + token)));
      assertRefused("invalid_token", withProof(agent, "GET", resource, token));
    }
  }

  @Test
  void a_resource_server_takes_a_token_with_dpop_from_its_holder_only() throws IOException {
    AgentClient agent = stage.agent();
    AgentClient thief = stage.agent();
    String token =
        agent.exchange(Via.DPOP, Ask.internal(DEPLOY, "deploy:read")).text("access_token");

    for (Resource resource : List.of(stage.local(), stage.introspecting())) {
      assertEquals(agent.svids().spiffeId(), withProof(agent, "GET", resource, token).text("sub"));
      assertRefused("invalid_token", withProof(thief, "GET", resource, token));
      assertRefused("invalid_token", withCertificate(agent, resource, token));
      assertEquals(403, withProof(agent, "POST", resource, token).status());
    }
  }

  @Test
  void a_token_for_another_audience_or_an_svid_is_none() throws IOException {
    AgentClient agent = stage.agent();
    String wiki = agent.exchange(Via.DPOP, Ask.audience(WIKI)).text("access_token");

    for (Resource resource : List.of(stage.local(), stage.introspecting())) {
      assertRefused("invalid_token", withProof(agent, "GET", resource, wiki));
      assertRefused("invalid_token", withProof(agent, "GET", resource, agent.svids().jwt()));
    }
  }

  @Test
  void from_a_kill_on_the_resource_server_that_introspects_refuses_the_token() throws IOException {
    AgentClient agent = stage.agent();
    String token = agent.exchange(Via.DPOP, Ask.audience(DEPLOY)).text("access_token");
    withProof(agent, "GET", stage.introspecting(), token).expect(200);

    stage.ada().kill(agent.id(), "went astray", false).expect(200);

    assertRefused("invalid_token", withProof(agent, "GET", stage.introspecting(), token));
    withProof(agent, "GET", stage.local(), token).expect(200);
    assertEquals(
        "agent_killed", agent.exchange(Via.DPOP, Ask.audience(DEPLOY)).expect(400).text("reason"));
  }

  private static PeerRequest request(AgentClient agent, String... scopes) throws IOException {
    return PeerRequest.of(
        stage.url(), stage.bundle(), agent.key(), agent.svids().jwt(), DEPLOY, scopes);
  }

  @Test
  void nimbus_exchanges_with_dpop_and_verifies_what_it_gets() throws Exception {
    AgentClient agent = stage.agent();

    var granted =
        assertInstanceOf(
            NimbusPeer.Outcome.Granted.class, NimbusPeer.exchange(request(agent, "deploy:read")));

    assertEquals("DPoP", granted.type());
    assertTrue(granted.lifetime() > 3_500 && granted.lifetime() <= 3_600, granted::toString);
    assertEquals(agent.svids().spiffeId(), granted.claims().getSubject());
    assertEquals("deploy:read", granted.claims().getStringClaim("scope"));
    assertEquals(agent.key().thumbprint(), granted.claims().getJSONObjectClaim("cnf").get("jkt"));
    withProof(agent, "GET", stage.introspecting(), granted.token()).expect(200);
  }

  @Test
  void nimbus_understands_a_refusal() throws IOException {
    var refused =
        assertInstanceOf(
            NimbusPeer.Outcome.Refused.class,
            NimbusPeer.exchange(request(stage.agent(), "deploy:production")));

    assertEquals(400, refused.status());
    assertEquals("invalid_scope", refused.error());
    assertFalse(refused.description().isEmpty());
  }

  @Test
  void oauth4webapi_exchanges_jose_verifies_and_the_resource_server_takes_it() throws IOException {
    AgentClient agent = stage.agent();
    Resource resource = stage.introspecting();

    JsonNode result =
        NpmPeer.install()
            .exchange(request(agent, "deploy:read").calling(build(resource), resource.caPem()));

    assertEquals("", result.path("error").asText(), result::toString);
    assertEquals("dpop", result.path("token_type").asText());
    assertEquals(agent.svids().spiffeId(), result.path("claims").path("sub").asText());
    assertEquals(agent.key().thumbprint(), result.path("claims").path("cnf").path("jkt").asText());
    assertEquals("at+jwt", result.path("header").path("typ").asText());
    assertEquals(200, result.path("resource_status").asInt(), result::toString);
  }

  @Test
  void oauth4webapi_understands_a_refusal_and_what_to_do_about_it() throws IOException {
    JsonNode result = NpmPeer.install().exchange(request(stage.agent(), "deploy:production"));

    assertEquals("invalid_scope", result.path("error").asText(), result::toString);
    assertEquals(400, result.path("status").asInt());
    JsonNode denial = result.path("body").path("denial");
    assertEquals("deployer@1", denial.path("policy").asText(), result::toString);
    assertFalse(denial.path("hint").asText().isEmpty());
  }
}
