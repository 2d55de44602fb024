package dev.writ.broker.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.writ.fixtures.agent.AgentClient;
import dev.writ.fixtures.agent.Ask;
import dev.writ.fixtures.agent.Via;
import dev.writ.fixtures.http.RawHttp;
import dev.writ.fixtures.http.Reply;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class HttpInputTest {
  private static final String DEPLOY = "https://deploy.internal";
  private static final Ask READ = Ask.internal(DEPLOY, "deploy:read");

  @RegisterExtension
  static final TestBroker BROKER =
      TestBroker.withPolicy(
          "deployer",
          """
          lifetime: { agent: 12h, credential: 1h }
          launch: [ "operator" ]
          grants:
            - internal: { audience: "https://deploy.internal", scopes: [ "deploy:read" ] }
          """);

  private static void refused(AgentClient agent, String error, List<Ask> asks) {
    for (Ask ask : asks) {
      Reply reply = BROKER.mintsNothing(() -> agent.exchange(Via.MTLS, ask));
      assertEquals(error, reply.expect(400).error(), reply::toString);
    }
  }

  private static Reply operator(String method, String path, String body) {
    return BROKER.operator().send(method, path, Map.of(), body);
  }

  @Test
  void malformed_token_requests_are_invalid() {
    refused(
        BROKER.agent("deployer"),
        "invalid_request",
        List.of(
            READ.with("authorization_details", "[]"),
            READ.with("requested_ttl", "5").with("requested_ttl", "6"),
            READ.with("audience", DEPLOY),
            READ.with("scope", "deploy:read"),
            READ.with("actor_token", "x"),
            READ.without("grant_type"),
            READ.without("subject_token"),
            READ.with("subject_token_type", "urn:ietf:params:oauth:token-type:saml2"),
            READ.with("requested_token_type", "urn:ietf:params:oauth:token-type:saml2"),
            Ask.nothing()));
  }

  @Test
  void malformed_authorization_details_are_invalid_and_never_mean_everything() {
    refused(
        BROKER.agent("deployer"),
        "invalid_authorization_details",
        List.of(
            Ask.detailsJson(""),
            Ask.detailsJson("[]"),
            Ask.detailsJson("{}"),
            Ask.detailsJson("[{\"type\":\"ftp\"}]"),
            Ask.detailsJson(
                "[{\"type\":\"internal\",\"audience\":\"" + DEPLOY + "\",\"scopes\":[]}]"),
            Ask.detailsJson(
                "[{\"type\":\"internal\",\"type\":\"internal\",\"audience\":\""
                    + DEPLOY
                    + "\",\"scopes\":[\"deploy:read\"]}]"),
            Ask.detailsJson("[".repeat(40) + "]".repeat(40))));
  }

  @Test
  void client_id_and_unknown_parameters_are_ignored() {
    AgentClient agent = BROKER.agent("deployer");

    agent.exchange(Via.MTLS, READ.with("client_id", "x").with("colour", "blue")).expect(200);
  }

  @Test
  void a_body_of_64_kib_is_read_and_a_larger_one_is_413() {
    String open = "{\"policy\":\"";
    String most = open + "x".repeat(64 * 1024 - open.length() - 2) + "\"}";

    assertEquals(400, operator("POST", "/v1/agents", most).status());
    assertEquals(413, operator("POST", "/v1/agents", most + " ").status());
  }

  @Test
  void a_body_in_chunks_is_bound_in_the_same_way() {
    assertEquals(401, chunked("x".repeat(1024), 64));
    assertEquals(413, chunked("x".repeat(1024), 65));
  }

  /** Sends a body of unannounced length to an endpoint that reads it before it asks who calls. */
  private static int chunked(String chunk, int times) {
    try (RawHttp raw = RawHttp.connect(BROKER.url(), BROKER.bundle())) {
      raw.write(
          "POST /v1/agents HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n");
      for (int i = 0; i < times; i++) {
        raw.write(Integer.toHexString(chunk.length()) + "\r\n" + chunk + "\r\n");
      }
      raw.write("0\r\n\r\n");
      return raw.answer(Duration.ofSeconds(5)).status();
    }
  }

  @Test
  void a_form_has_one_reading() {
    AgentClient agent = BROKER.agent("deployer");
    String form = READ.form(agent.svids().jwt());

    assertEquals(200, token(agent, "&&" + form + "&").status());
    assertEquals(200, token(agent, form.replace("grant_type", "%67rant_type")).status());
    assertEquals("invalid_request", token(agent, form + "&%67rant_type=x").error());
    assertEquals("invalid_request", token(agent, form + "&a=%zz").error());
    assertEquals("invalid_request", token(agent, form + "&a=%4").error());
    assertEquals("invalid_request", token(agent, form + "&a=%c3%28").error());
    assertEquals(200, token(agent, form + "&a=%C3%a4+&b&=").status());
    assertEquals("invalid_request", token(agent, "").error());
  }

  private static Reply token(AgentClient agent, String body) {
    var headers = Map.of("Content-Type", "application/x-www-form-urlencoded; charset=utf-8");
    return agent.send(Via.MTLS, "POST", "/token", headers, body);
  }

  @Test
  void a_header_beyond_16_kib_is_431() {
    try (RawHttp raw = RawHttp.connect(BROKER.url(), BROKER.bundle())) {
      raw.write(
          "GET /jwks HTTP/1.1\r\nHost: localhost\r\nX-Long: " + "x".repeat(17 * 1024) + "\r\n\r\n");
      assertEquals(431, raw.answer(Duration.ofSeconds(5)).status());
    }
  }

  @Test
  void json_too_deep_doubled_or_broken_is_400() {
    for (String body :
        List.of(
            "",
            "{",
            "null",
            "[]",
            "[".repeat(100) + "]".repeat(100),
            "{\"labels\":" + "{\"a\":".repeat(40) + "1" + "}".repeat(41),
            "{\"policy\":\"deployer\",\"policy\":\"deployer\",\"owner\":\"user:ada\"}",
            "{\"policy\":\"deployer\",\"owner\":\"user:ada\",\"colour\":\"blue\"}",
            "{\"policy\":7,\"owner\":\"user:ada\"}",
            "{\"policy\":\"deployer\",\"owner\":\"user:ada\",\"task\":\"\\u0000\"}")) {
      BROKER.mintsNothing(() -> operator("POST", "/v1/agents", body)).expect(400);
    }
  }

  @Test
  void unknown_paths_are_404_and_other_methods_405() {
    assertEquals(404, operator("GET", "/nothing", "").status());
    assertEquals(404, operator("GET", "/v1/agents/not-a-uuid", "").status());
    assertEquals(400, operator("GET", "/v1/agents/%00", "").status());
    assertEquals(400, operator("DELETE", "/v1/writs/%2e%2e", "").status());
    assertEquals(405, operator("GET", "/token", "").status());
    assertEquals(405, operator("PUT", "/v1/agents", "").status());
  }

  @Test
  void odd_queries_and_headers_never_break_anything() {
    for (String path :
        List.of(
            "/v1/agents?limit=0",
            "/v1/agents?limit=x",
            "/v1/agents?cursor=x",
            "/v1/agents?owner=%00",
            "/v1/agents?label=%00",
            "/v1/agents?state=x",
            "/v1/agents?parent=x",
            "/v1/blame?jti=x",
            "/v1/blame",
            "/v1/blame?agent=x&at=y",
            "/v1/blame?aws_access_key_id=%00",
            "/v1/writs?agent=x",
            "/v1/writs?agent=x&agent=y",
            "/v1/policies/deployer?version=x",
            "/v1/policies/%00",
            "/v1/policies/deployer?version=999999999",
            "/v1/owners/user:ada?at=x",
            "/v1/owners/%25zz",
            "/v1/owners/%00",
            "/v1/owners/user:ada?at=%2B999999999-12-31T23:59:59Z")) {
      int status = operator("GET", path, "").status();
      assertTrue(status < 500, path + " gave " + status);
    }
  }
}
