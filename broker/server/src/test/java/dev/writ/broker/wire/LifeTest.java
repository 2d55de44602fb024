package dev.writ.broker.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.nimbusds.jwt.SignedJWT;
import dev.writ.fixtures.agent.AgentClient;
import dev.writ.fixtures.agent.Ask;
import dev.writ.fixtures.agent.Launch;
import dev.writ.fixtures.agent.Via;
import dev.writ.fixtures.http.Reply;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.text.ParseException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class LifeTest {
  private static final String DEPLOY = "https://deploy.internal";

  @RegisterExtension
  static final TestBroker BROKER =
      TestBroker.withPolicy(
          "deployer",
          """
          lifetime: { agent: 12h, credential: 1h }
          launch: [ "operator" ]
          grants:
            - internal: { audience: "https://deploy.internal", scopes: [ "deploy:read", "deploy:staging" ] }
            - github: { account: acme, repositories: [ acme/api ], permissions: { contents: read } }
          """);

  private static Map<String, Object> claims(Reply reply) {
    try {
      return SignedJWT.parse(reply.text("access_token")).getJWTClaimsSet().toJSONObject();
    } catch (ParseException e) {
      throw new AssertionError("not a signed JWT", e);
    }
  }

  private static byte[] sha256(byte[] bytes) throws Exception {
    return MessageDigest.getInstance("SHA-256").digest(bytes);
  }

  private static String base64Url(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  private static JsonNode denial(Reply reply) {
    JsonNode denial = reply.json().path("denial");
    assertTrue(denial.isObject(), reply::toString);
    assertEquals("deployer@1", denial.path("policy").asText(), reply::toString);
    assertFalse(denial.path("hint").asText().isEmpty(), reply::toString);
    assertFalse(denial.path("rule").asText().isEmpty(), reply::toString);
    assertTrue(denial.has("requested") && denial.has("allowed"), reply::toString);
    return denial;
  }

  @Test
  void over_mtls_the_token_is_bound_to_the_certificate_and_ends_no_later_than_it()
      throws Exception {
    AgentClient agent = BROKER.agent("deployer");

    Reply reply = agent.exchange(Via.MTLS, Ask.internal(DEPLOY, "deploy:read")).expect(200);

    assertEquals("Bearer", reply.text("token_type"));
    assertEquals("urn:ietf:params:oauth:token-type:access_token", reply.text("issued_token_type"));
    assertEquals("deploy:read", reply.text("scope"));
    assertEquals("no-store", reply.header("Cache-Control"));
    Map<String, Object> claims = claims(reply);
    byte[] certificate = agent.svids().x509().getFirst().getEncoded();
    assertEquals(Map.of("x5t#S256", base64Url(sha256(certificate))), claims.get("cnf"));
    assertEquals(BROKER.url().toString(), claims.get("iss"));
    assertEquals(agent.svids().spiffeId(), claims.get("sub"));
    assertEquals(agent.svids().spiffeId(), claims.get("client_id"));
    assertEquals(DEPLOY, claims.get("aud"));
    assertEquals("deployer@1", claims.get("policy"));
    assertEquals("user:ada", claims.get("owner"));
    Instant end = Instant.ofEpochSecond(number(claims, "exp"));
    Instant certificateEnd = agent.svids().x509().getFirst().getNotAfter().toInstant();
    assertFalse(end.isAfter(certificateEnd), end + " is after " + certificateEnd);
  }

  @Test
  void with_dpop_the_token_is_bound_to_the_key() {
    AgentClient agent = BROKER.agent("deployer");

    Reply reply = agent.exchange(Via.DPOP, Ask.internal(DEPLOY, "deploy:read")).expect(200);

    assertEquals("DPoP", reply.text("token_type"));
    assertEquals(Map.of("jkt", agent.key().thumbprint()), claims(reply).get("cnf"));
  }

  @Test
  void with_both_proofs_the_key_is_what_is_named() {
    AgentClient agent = BROKER.agent("deployer");

    Reply reply = agent.exchange(Via.BOTH, Ask.internal(DEPLOY, "deploy:read")).expect(200);

    assertEquals("DPoP", reply.text("token_type"));
    assertEquals(Map.of("jkt", agent.key().thumbprint()), claims(reply).get("cnf"));
  }

  @Test
  void an_audience_alone_gives_all_that_the_policy_grants_there() {
    AgentClient agent = BROKER.agent("deployer");

    Reply all = agent.exchange(Via.MTLS, Ask.audience(DEPLOY)).expect(200);
    Reply one = agent.exchange(Via.MTLS, Ask.audience(DEPLOY, "deploy:staging")).expect(200);

    assertEquals("deploy:read deploy:staging", all.text("scope"));
    assertEquals("deploy:staging", one.text("scope"));
    assertEquals(
        List.of("deploy:staging"),
        one.json()
            .path("authorization_details")
            .get(0)
            .path("scopes")
            .valueStream()
            .map(JsonNode::asText)
            .toList());
  }

  @Test
  void a_ttl_is_taken_to_the_second_and_never_exceeds_the_policys() {
    AgentClient agent = BROKER.agent("deployer");

    Map<String, Object> one =
        claims(agent.exchange(Via.DPOP, Ask.audience(DEPLOY).ttl(1)).expect(200));
    Map<String, Object> most =
        claims(agent.exchange(Via.DPOP, Ask.audience(DEPLOY).ttl(999_999)).expect(200));

    assertEquals(1, life(one));
    assertEquals(3600, life(most));
  }

  private static long life(Map<String, Object> claims) {
    return number(claims, "exp") - number(claims, "iat");
  }

  private static long number(Map<String, Object> claims, String name) {
    return Long.parseLong(String.valueOf(claims.get(name)));
  }

  @Test
  void a_ttl_of_nothing_or_of_no_number_is_malformed() {
    AgentClient agent = BROKER.agent("deployer");
    for (String ttl : List.of("0", "-1", "1.5", "", "1h", "99999999999")) {
      Reply reply =
          BROKER.mintsNothing(
              () -> agent.exchange(Via.MTLS, Ask.audience(DEPLOY).with("requested_ttl", ttl)));
      assertEquals("invalid_request", reply.expect(400).error(), ttl);
    }
  }

  @Test
  void refuses_a_scope_beyond_the_grant_and_says_what_is_allowed() {
    AgentClient agent = BROKER.agent("deployer");

    Reply reply =
        BROKER.mintsNothing(() ->
            agent.exchange(Via.MTLS, Ask.internal(DEPLOY, "deploy:read", "deploy:production")));

    assertEquals("invalid_scope", reply.expect(400).error());
    assertTrue(denial(reply).path("allowed").toString().contains("deploy:staging"));
    assertEquals(1, BROKER.records().rows("refuse", agent.id()));
  }

  @Test
  void refuses_an_audience_that_no_grant_names() {
    AgentClient agent = BROKER.agent("deployer");

    Reply reply =
        BROKER.mintsNothing(
            () -> agent.exchange(Via.DPOP, Ask.audience("https://payroll.internal")));

    assertEquals("invalid_target", reply.expect(400).error());
    denial(reply);
  }

  @Test
  void refuses_a_repository_beyond_the_policy_before_asking_whether_github_is_configured() {
    AgentClient agent = BROKER.agent("deployer");

    Reply reply =
        BROKER.mintsNothing(
            () -> agent.exchange(Via.MTLS, Ask.github("acme/secrets", Map.of("contents", "read"))));

    assertEquals("access_denied", reply.expect(400).error());
    denial(reply);
  }

  @Test
  void says_that_an_allowed_target_is_not_configured() {
    AgentClient agent = BROKER.agent("deployer");

    Reply reply =
        BROKER.mintsNothing(
            () -> agent.exchange(Via.MTLS, Ask.github("acme/api", Map.of("contents", "read"))));

    assertEquals("invalid_target", reply.expect(400).error());
    assertTrue(reply.text("error_description").contains("not configured"), reply::toString);
    assertTrue(reply.json().path("denial").isMissingNode(), reply::toString);
  }

  @Test
  void an_agent_sees_what_it_is_may_ask_and_holds() {
    AgentClient agent = BROKER.agent("deployer");
    Reply token = agent.exchange(Via.MTLS, Ask.audience(DEPLOY)).expect(200);

    for (Via via : List.of(Via.MTLS, Via.DPOP)) {
      Reply self = agent.self(via).expect(200);

      assertEquals(agent.svids().spiffeId(), self.text("spiffe_id"));
      assertEquals("deployer@1", self.text("policy"));
      assertEquals(2, self.json().path("may_ask").size());
      assertEquals(1, self.json().path("writs").size());
      assertEquals(token.text("writ"), self.json().path("writs").get(0).path("writ").asText());
      assertFalse(self.body().contains(token.text("access_token")));
    }
  }

  @Test
  void an_agent_ends_its_own_writ_and_nobody_elses() {
    AgentClient agent = BROKER.agent("deployer");
    AgentClient other = BROKER.agent("deployer");
    Reply token = agent.exchange(Via.MTLS, Ask.audience(DEPLOY)).expect(200);

    other.revoke(Via.MTLS, token.text("access_token")).expect(200);
    assertEquals("live", state(agent));
    agent.revoke(Via.MTLS, token.text("access_token")).expect(200);
    assertEquals("ended", state(agent));
    agent.revoke(Via.DPOP, "no token at all").expect(200);
  }

  private static String state(AgentClient agent) {
    Reply writs = BROKER.operator().writs(agent.id()).expect(200);
    return writs.json().path("writs").get(0).path("state").asText();
  }

  @Test
  void blame_finds_the_accountable_person_by_every_form_of_the_hash_and_by_jti() throws Exception {
    AgentClient agent = BROKER.agent(Launch.of("deployer").owner("group:platform"));
    Reply token = agent.exchange(Via.MTLS, Ask.audience(DEPLOY)).expect(200);
    byte[] hash = sha256(token.text("access_token").getBytes(StandardCharsets.UTF_8));

    for (Map<String, String> question :
        List.of(
            Map.of("token_sha256", HexFormat.of().formatHex(hash)),
            Map.of("token_sha256", Base64.getEncoder().encodeToString(hash)),
            Map.of("token_sha256", base64Url(hash)),
            Map.of("github_hashed_token", Base64.getEncoder().encodeToString(hash)),
            Map.of("jti", String.valueOf(claims(token).get("jti"))))) {
      Reply blame = BROKER.operator().blame(question).expect(200);

      assertEquals(token.text("writ"), blame.text("writ"), question::toString);
      assertEquals(agent.id(), blame.text("agent"));
      assertEquals("operator", blame.text("launcher"));
      assertEquals("group:platform", blame.text("owner"));
      assertTrue(List.of("user:ada", "user:grace").contains(blame.text("accountable")));
      assertEquals("deployer@1", blame.text("policy"));
      assertTrue(blame.json().path("sequence").asLong() > 0);
      assertEquals("operator", blame.json().path("enrolment").path("by").asText());
    }
  }

  @Test
  void blame_finds_an_agent_by_time_and_by_conversation() {
    AgentClient agent =
        BROKER.agent(Launch.of("deployer").owner("user:ada").session("claude-code", "s-1"));
    Reply token = agent.exchange(Via.MTLS, Ask.audience(DEPLOY)).expect(200);

    Reply now =
        BROKER
            .operator()
            .blame(Map.of("agent", agent.id(), "at", Instant.now().plusSeconds(1).toString()))
            .expect(200);
    Reply session =
        BROKER.operator().blame(Map.of("harness", "claude-code", "session", "s-1")).expect(200);

    assertEquals(token.text("writ"), now.text("writ"));
    assertEquals("user:ada", now.text("accountable"));
    assertEquals(agent.id(), session.text("agent"));
    String before = Instant.now().minus(1, ChronoUnit.HOURS).toString();
    BROKER.operator().blame(Map.of("agent", agent.id(), "at", before)).expect(404);
    BROKER.operator().blame(Map.of("token_sha256", "00".repeat(32))).expect(404);
    BROKER.operator().blame(Map.of("token_sha256", token.text("access_token"))).expect(400);
  }
}
