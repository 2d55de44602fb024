package dev.writ.broker.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.writ.fixtures.agent.AgentClient;
import dev.writ.fixtures.agent.Dpop;
import dev.writ.fixtures.agent.Launch;
import dev.writ.fixtures.agent.Launcher;
import dev.writ.fixtures.agent.Via;
import dev.writ.fixtures.http.RawHttp;
import dev.writ.fixtures.http.Reply;
import dev.writ.fixtures.keys.AgentKey;
import dev.writ.fixtures.keys.Jws;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Every kind of token where another kind belongs: each is good in its own place. */
class TokenKindAttackTest {
  @RegisterExtension
  static final TestBroker BROKER =
      TestBroker.withPolicy("deployer", Policies.deployer("\"keycloak/client:orchestrator\""))
          .withPeople()
          .settings(
              "resource-servers: [ { principal: \"keycloak/client:deploy\", audience: \"https://deploy.internal\" } ]\n");

  @RegisterExtension static final TestBroker EVERYWHERE = Policies.broker().listeningOn("0.0.0.0");

  private static final Launch LAUNCH = Launch.of("deployer").owner("user:ada");

  private static AgentClient agent;
  private static Launcher orchestrator;
  private static Launcher resource;
  private static String svid;
  private static String keyBound;
  private static String certificateBound;
  private static String enrolment;
  private static String launcher;
  private static String sts;
  private static String proof;

  @BeforeAll
  static void collect() {
    orchestrator = BROKER.as(BROKER.people().client("orchestrator"));
    resource = BROKER.as(BROKER.people().client("deploy"));
    agent = orchestrator.bringUp(LAUNCH);
    svid = agent.svids().jwt();
    keyBound = agent.exchange(Via.DPOP, Policies.READ).expect(200).text("access_token");
    certificateBound = agent.exchange(Via.MTLS, Policies.READ).expect(200).text("access_token");
    enrolment = orchestrator.launch(LAUNCH).expect(201).text("enrolment_token");
    launcher = BROKER.people().client("orchestrator").sign();
    proof = agent.proof("POST", "/token").sign();
    long now = Instant.now().getEpochSecond();
    sts =
        Jws.sign(
            "{\"alg\":\"ES256\",\"typ\":\"JWT\",\"kid\":\"x\"}",
            "{\"iss\":\"%s/sts\",\"sub\":\"%s\",\"aud\":\"sts.amazonaws.com\",\"iat\":%d,\"exp\":%d}"
                .formatted(BROKER.url(), agent.svids().spiffeId(), now, now + 60),
            AgentKey.generate().pair().getPrivate());
  }

  private static Map<String, String> all() {
    Map<String, String> tokens = new LinkedHashMap<>();
    tokens.put("JWT-SVID", svid);
    tokens.put("access token of a key", keyBound);
    tokens.put("access token of a certificate", certificateBound);
    tokens.put("enrolment token", enrolment);
    tokens.put("launcher's access token", launcher);
    tokens.put("operator token", BROKER.operatorHeader().substring("Bearer ".length()));
    tokens.put("token for STS", sts);
    tokens.put("DPoP proof", proof);
    return tokens;
  }

  private static Map<String, String> allBut(String... kinds) {
    Map<String, String> tokens = all();
    tokens.keySet().removeAll(List.of(kinds));
    return tokens;
  }

  @AfterEach
  void each_is_good_in_its_place() {
    agent.exchange(Via.MTLS, Policies.READ).expect(200);
    agent.self(Via.DPOP).expect(200);
    resource.introspect(keyBound).expect(200);
    orchestrator.agents(Map.of()).expect(200);
    BROKER.newAgent().enrol(orchestrator.launch(LAUNCH).text("enrolment_token")).expect(200);
  }

  @Test
  void only_a_jwt_svid_is_a_subject_token() {
    allBut("JWT-SVID")
        .forEach((kind, token) -> {
          for (Via via : List.of(Via.MTLS, Via.DPOP)) {
            Reply reply =
                Refused.by(
                    BROKER, () -> agent.exchange(via, Policies.READ.with("subject_token", token)));
            assertEquals("subject_token", reply.expect(400).text("reason"), kind);
          }
        });
  }

  @Test
  void only_a_jwt_svid_goes_with_a_proof() {
    allBut("JWT-SVID")
        .forEach((kind, token) -> {
          Map<String, String> headers =
              Map.of(
                  "Authorization",
                  "DPoP " + token,
                  "DPoP",
                  agent.proof("GET", "/v1/self").ath(token).sign());
          Reply reply =
              Refused.by(BROKER, () -> agent.send(Via.NOTHING, "GET", "/v1/self", headers, ""));
          assertEquals(401, reply.status(), kind);
        });
  }

  @Test
  void only_a_launchers_access_token_launches() {
    allBut("launcher's access token")
        .forEach((kind, token) -> {
          Map<String, String> bearer = Map.of("Authorization", "Bearer " + token);
          for (String path :
              List.of("/v1/agents", "/v1/agents/" + agent.id() + "/kill", "/introspect")) {
            Reply reply =
                Refused.by(BROKER, () -> orchestrator.send("POST", path, bearer, LAUNCH.json()));
            assertEquals(401, reply.status(), kind + " at " + path);
          }
        });
  }

  @Test
  void only_an_enrolment_token_enrols() {
    allBut("enrolment token")
        .forEach((kind, token) -> {
          Reply reply = Refused.by(BROKER, () -> BROKER.newAgent().enrol(token));
          assertEquals(401, reply.status(), kind);
        });
  }

  @Test
  void only_an_access_token_of_its_audience_is_active_at_a_resource_server() {
    allBut("access token of a key", "access token of a certificate")
        .forEach((kind, token) -> {
          Reply reply = resource.introspect(token).expect(200);
          assertEquals("{\"active\":false}", reply.body(), kind);
        });
  }

  @Test
  void no_token_is_a_proof() {
    allBut("DPoP proof")
        .forEach((kind, token) -> {
          Reply reply =
              Refused.by(
                  BROKER, () -> agent.exchange(Via.NOTHING, Policies.READ, Map.of("DPoP", token)));
          assertEquals("invalid_dpop_proof", reply.expect(400).error(), kind);
        });
  }

  @Test
  void no_token_counts_anywhere_but_in_its_header() {
    String token = launcher;
    for (String path : List.of("/v1/agents?access_token=" + token, "/v1/agents?token=" + token)) {
      Refused.by(BROKER, () -> orchestrator.send("GET", path, Map.of("Authorization", ""), ""));
    }
    for (Map<String, String> headers :
        List.of(
            Map.of("Authorization", "Basic " + token),
            Map.of("Authorization", "Token " + token),
            Map.of("Authorization", token),
            Map.of("Authorization", "", "X-Access-Token", token),
            Map.of("Authorization", "", "X-Forwarded-Access-Token", token),
            Map.of("Authorization", "", "Proxy-Authorization", "Bearer " + token),
            Map.of("Authorization", "", "Cookie", "Authorization=Bearer " + token))) {
      Refused.by(BROKER, () -> orchestrator.send("GET", "/v1/agents", headers, "")).expect(401);
    }
    Raw.refusedAndOpen(
        BROKER,
        401,
        Raw.JWKS
            .replace("/jwks", "/v1/agents")
            .replace("\r\n\r\n", ("\r\nAuthorization: Bearer " + token).repeat(2) + "\r\n\r\n"));
  }

  @Test
  void the_operator_token_is_good_on_this_machine_only() throws Exception {
    String agents =
        Raw.post(
            "/v1/agents",
            "Authorization: " + EVERYWHERE.operatorHeader() + "\r\nX-Forwarded-For: 127.0.0.1\r\n",
            LAUNCH.json());
    Raw.answer(EVERYWHERE, agents).expect(201);
    Optional<InetAddress> other = notLoopback();
    Assumptions.assumeTrue(other.isPresent(), "this machine has no other address");
    Refused.by(
        EVERYWHERE,
        () -> {
          try (RawHttp raw = RawHttp.connect(EVERYWHERE.url(), other.get(), EVERYWHERE.bundle())) {
            raw.write(Raw.JWKS).answer(Raw.SOON).expect(200);
            return raw.write(agents).answer(Raw.SOON).expect(401);
          }
        });
  }

  private static Optional<InetAddress> notLoopback() throws SocketException {
    return NetworkInterface.networkInterfaces()
        .flatMap(NetworkInterface::inetAddresses)
        .filter(address -> address instanceof Inet4Address)
        .filter(address -> !address.isLoopbackAddress() && !address.isLinkLocalAddress())
        .findFirst();
  }

  @Test
  void a_token_that_is_almost_the_operators_is_not() {
    String good = EVERYWHERE.operatorHeader().substring("Bearer ".length());
    for (String almost :
        List.of(
            good.substring(1),
            good.substring(0, good.length() - 1),
            good + "x",
            good.toLowerCase(Locale.ROOT) + "\u00a0",
            good.replaceFirst("writ_operator_", ""),
            "",
            Dpop.hash(good))) {
      Refused.by(EVERYWHERE, () -> EVERYWHERE.bearer(almost).launch(LAUNCH)).expect(401);
    }
  }
}
