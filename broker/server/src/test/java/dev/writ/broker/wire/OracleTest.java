package dev.writ.broker.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.writ.fixtures.agent.AgentClient;
import dev.writ.fixtures.agent.Ask;
import dev.writ.fixtures.agent.Dpop;
import dev.writ.fixtures.agent.Launch;
import dev.writ.fixtures.agent.Launcher;
import dev.writ.fixtures.agent.Via;
import dev.writ.fixtures.http.Reply;
import dev.writ.fixtures.keys.AgentKey;
import dev.writ.fixtures.keys.Jws;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** From a refusal nobody learns whether what they asked about exists. */
class OracleTest {
  @RegisterExtension
  static final TestBroker BROKER =
      TestBroker.withPolicy("deployer", Policies.deployer("\"keycloak/client:orchestrator\""))
          .withPeople();

  private static AgentClient agent;
  private static AgentClient other;
  private static Launcher stranger;
  private static Reply token;

  @BeforeAll
  static void launch() {
    Launcher orchestrator = BROKER.as(BROKER.people().client("orchestrator"));
    agent = orchestrator.bringUp(Launch.of("deployer").owner("user:ada"));
    other = orchestrator.bringUp(Launch.of("deployer").owner("user:ada"));
    stranger = BROKER.as(BROKER.people().user("mallory"));
    token = agent.exchange(Via.MTLS, Policies.READ).expect(200);
  }

  private static TreeMap<String, List<String>> headers(Reply reply) {
    var headers = new TreeMap<String, List<String>>(String.CASE_INSENSITIVE_ORDER);
    headers.putAll(reply.headers());
    return headers;
  }

  /** Status, headers but for the request id, and body to the byte. */
  private static String seen(Reply reply) {
    TreeMap<String, List<String>> headers = headers(reply);
    headers.remove("X-Request-Id");
    return reply.status() + " " + headers + " " + reply.body();
  }

  private static void alike(Reply known, Reply unknown) {
    Refused.worded(known);
    assertEquals(seen(unknown), seen(known));
  }

  @Test
  void an_agent_that_is_not_theirs_and_one_that_is_not_there_look_the_same() {
    String known = agent.id();
    String unknown = UUID.randomUUID().toString();
    for (String path : List.of("", "/kill", "/extend", "/enrolment", "/owner", "/owner/accept")) {
      String method = path.isEmpty() ? "GET" : "POST";
      String body =
          switch (path) {
            case "/extend" -> "{\"ttl\":\"1h\"}";
            case "/owner" -> "{\"owner\":\"user:mallory\"}";
            default -> "{}";
          };
      alike(
          stranger.send(method, "/v1/agents/" + known + path, Map.of(), body),
          stranger.send(method, "/v1/agents/" + unknown + path, Map.of(), body));
      alike(
          other.send(Via.MTLS, method, "/v1/agents/" + known + path, Map.of(), body),
          other.send(Via.MTLS, method, "/v1/agents/" + unknown + path, Map.of(), body));
    }
    alike(stranger.writs(known), stranger.writs(unknown));
    alike(stranger.agent(known), stranger.agent("no-uuid"));
  }

  @Test
  void a_writ_that_is_not_theirs_and_one_that_is_not_there_look_the_same() {
    String known = token.text("writ");
    String unknown = UUID.randomUUID().toString();
    alike(stranger.endWrit(known), stranger.endWrit(unknown));
    alike(stranger.blame(Map.of("jti", known)), stranger.blame(Map.of("jti", unknown)));
    byte[] hash = Base64.getUrlDecoder().decode(Dpop.hash(token.text("access_token")));
    alike(
        stranger.blame(Map.of("token_sha256", HexFormat.of().formatHex(hash))),
        stranger.blame(Map.of("token_sha256", "00".repeat(32))));
    Reply own = other.revoke(Via.MTLS, token.text("access_token")).expect(200);
    Reply none = other.revoke(Via.MTLS, "nothing").expect(200);
    assertEquals(seen(none), seen(own));
  }

  @Test
  void anothers_token_a_forged_one_and_nonsense_are_refused_in_the_same_words() {
    String[] parts = agent.svids().jwt().split("\\.");
    String claims = new String(Base64.getUrlDecoder().decode(parts[1]), StandardCharsets.UTF_8);
    String header = new String(Base64.getUrlDecoder().decode(parts[0]), StandardCharsets.UTF_8);
    AgentKey own = AgentKey.generate();
    String nonsense = seen(exchange("nonsense"));
    for (String one :
        List.of(
            agent.svids().jwt(),
            Jws.sign(header, claims, own.pair().getPrivate()),
            Jws.sign(
                header,
                claims.replace(agent.id(), UUID.randomUUID().toString()),
                own.pair().getPrivate()),
            token.text("access_token"))) {
      assertEquals(nonsense, seen(Refused.by(BROKER, () -> exchange(one))));
    }
  }

  private static Reply exchange(String subjectToken) {
    return other.exchange(Via.MTLS, Policies.READ.with("subject_token", subjectToken));
  }

  @Test
  void a_policy_and_an_owner_that_they_may_not_use_look_like_none() {
    // Only the name differs, which they sent themselves.
    alike(
        renamed(stranger.launch(Launch.of("deployer").owner("user:mallory")), "deployer"),
        renamed(stranger.launch(Launch.of("missing").owner("user:mallory")), "missing"));
  }

  private static Reply renamed(Reply reply, String name) {
    TreeMap<String, List<String>> headers = headers(reply);
    headers.remove("Content-Length");
    return Reply.of(reply.status(), headers, reply.body().replace(name, "…"));
  }

  @Test
  void an_enrolment_token_that_was_used_and_one_that_never_was_are_refused_alike() {
    Launcher orchestrator = BROKER.as(BROKER.people().client("orchestrator"));
    String used =
        orchestrator
            .launch(Launch.of("deployer").owner("user:ada"))
            .expect(201)
            .text("enrolment_token");
    BROKER.newAgent().enrol(used).expect(200);
    String never = used.substring(0, used.length() - 4) + "AAAA";
    alike(
        Refused.by(BROKER, () -> BROKER.newAgent().enrol(used)),
        Refused.by(BROKER, () -> BROKER.newAgent().enrol(never)));
  }

  @Test
  void without_a_credential_every_path_of_a_kind_looks_the_same() {
    Map<String, String> none = Map.of("Authorization", "");
    for (String path : List.of("/v1/agents/%s", "/v1/writs?agent=%s", "/v1/blame?jti=%s")) {
      alike(
          stranger.send("GET", path.formatted(agent.id()), none, ""),
          stranger.send("GET", path.formatted(UUID.randomUUID()), none, ""));
    }
    alike(
        agent.exchange(Via.NOTHING, Policies.READ),
        agent.exchange(Via.NOTHING, Ask.audience("https://payroll.internal")));
  }
}
