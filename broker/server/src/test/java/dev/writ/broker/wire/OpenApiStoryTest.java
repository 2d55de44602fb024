package dev.writ.broker.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import dev.writ.broker.wire.ApiDescription.Operation;
import dev.writ.fixtures.agent.AgentClient;
import dev.writ.fixtures.agent.Ask;
import dev.writ.fixtures.agent.Launch;
import dev.writ.fixtures.agent.Launcher;
import dev.writ.fixtures.agent.Via;
import dev.writ.fixtures.github.AppKey;
import dev.writ.fixtures.http.Reply;
import dev.writ.fixtures.keys.AgentKey;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Draws every answer that the OpenAPI document describes from a running broker; {@link TestBroker}
 * compares each with the document.
 */
class OpenApiStoryTest {
  private static final String DEPLOY = "https://deploy.internal";

  private static final String POLICY =
      """
      lifetime: { agent: 12h, credential: 1h }
      launch: [ "keycloak/client:orchestrator", "keycloak/user:ada", "agent" ]
      owners: [ "group:platform" ]
      delegation: { depth: 1, policies: [ deployer ] }
      grants:
        - internal: { audience: "https://deploy.internal", scopes: [ "deploy:read", "deploy:staging" ] }
        - github: { account: acme, repositories: "*", permissions: { contents: read }, i-know: "all are public" }
        - aws:
            role: "arn:aws:iam::123456789012:role/agents"
            allow: [ { actions: [ "s3:GetObject" ], resources: [ "arn:aws:s3:::reports/*" ], conditions: { Bool: { "aws:SecureTransport": "true" } } } ]
        - aws:
            role: "arn:aws:iam::123456789012:role/busy"
            allow: [ { actions: [ "s3:GetObject" ], resources: [ "arn:aws:s3:::busy" ] } ]
      """;

  /** What is wrong with a request for a credential is said before who asks is looked at. */
  private static final Set<String> READ_FIRST =
      Set.of("/token", "/v1/credentials/aws", "/v1/credentials/git");

  private static final Map<String, String> CONTEXT =
      Map.of(
          "harness",
          "claude-code",
          "session",
          "s-1",
          "model",
          "opus",
          "continues",
          new UUID(0, 0).toString());

  private static final String OWNERS =
      """
      users: [ ada, grace, mallory ]
      groups:
        - name: platform
          members: [ ada, grace ]
          rotation: { weeks: 1, handover: "Mon 09:00 Europe/Berlin", from: 2026-01-05 }
        - name: later
          members: [ mallory ]
          rotation: { weeks: 1, handover: "Mon 09:00 Europe/Berlin", from: 2199-12-30 }
      """;

  @RegisterExtension
  static final TestBroker BROKER =
      TestBroker.withPolicy("deployer", POLICY)
          .policy("fleeting", POLICY)
          .owners(OWNERS)
          .withPeople()
          .minters(new CannedMinter())
          .settings(
              """
              admins: [ "keycloak/group:security" ]
              auditors: [ "keycloak/group:audit" ]
              resource-servers: [ { principal: "keycloak/client:deploy", audience: "https://deploy.internal" } ]
              limits: { agents-per-launcher: 4 }
              """)
          .settings(OpenApiStoryTest::anAppElsewhere);

  /** Never asked for anything: its key has no successor. */
  private static String anAppElsewhere() {
    try {
      Path key =
          Files.createTempFile(
              "app",
              ".pem",
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      Files.writeString(key, AppKey.generate().pem());
      return "github: [ { api: \"https://git.invalid/api/v3\", app-id: \"77\", key: \"file:%s\", accounts: [ elsewhere ] } ]\n"
          .formatted(key);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private final Launcher orchestrator = BROKER.as(BROKER.people().client("orchestrator"));
  private final Launcher ada = BROKER.as(BROKER.people().user("ada").groups("/platform"));
  private final Launcher mallory = BROKER.as(BROKER.people().user("mallory"));
  private final Launcher admin = BROKER.as(BROKER.people().user("root").groups("/security"));

  private static Launch launch() {
    return Launch.of("deployer").owner("group:platform");
  }

  @Test
  void every_described_answer_is_given_as_described() {
    AgentClient agent = launchesAndEnrols();
    exchangesAndEnds(agent);
    asksOtherTargets();
    asksForWhatItMayNot(agent);
    looksAfterAgents(agent);
    administers();
    diesAndIsBlamed(agent);
    everybodyDiscovers();
    nobodyIsLetIn();

    Set<String> missing = new TreeSet<>();
    for (Operation operation : ApiDescription.OURS.operations()) {
      operation
          .place()
          .at("responses")
          .node()
          .fieldNames()
          .forEachRemaining(status -> missing.add(operation + " " + status));
    }
    // What is broken or too busy is not to be had by asking.
    missing.removeIf(one -> one.endsWith(" 503") || one.endsWith(" default"));
    // Not to be had from a broker with files; RealmPoliciesTest has it.
    missing.remove("POST /v1/policies/apply 409");
    missing.removeAll(BROKER.seen());
    assertEquals(Set.of(), missing);
  }

  private static Reply get(Launcher caller, String path) {
    return caller.send("GET", path, Map.of(), "");
  }

  private static Reply post(Launcher caller, String path, String json) {
    return caller.send("POST", path, Map.of(), json);
  }

  private AgentClient launchesAndEnrols() {
    Launch whole =
        launch()
            .ttl("4h")
            .role("builder")
            .labels(Map.of("repository", "acme/api"))
            .narrow(
                List.of(
                    Map.of("type", "internal", "audience", DEPLOY),
                    Map.of(
                        "type",
                        "github",
                        "repositories",
                        List.of("acme/api"),
                        "permissions",
                        Map.of("contents", "read")),
                    Map.of("type", "aws", "role", "arn:aws:iam::123456789012:role/agents")))
            .with("context", CONTEXT)
            .requestedBy("user:grace");
    Reply launched = orchestrator.launch(whole, "once").expect(201);
    Reply again = orchestrator.launch(whole, "once").expect(201);
    orchestrator.launch(whole.task("another"), "once").expect(422);
    orchestrator.launch(whole).expect(409);
    orchestrator.launch(launch().with("colour", "blue")).expect(400);
    orchestrator
        .launch(
            launch()
                .narrow(
                    List.of(
                        Map.of("type", "internal", "audience", DEPLOY, "scopes", List.of("root")))))
        .expect(400);
    mallory.launch(launch()).expect(404);
    for (int i = 1; i < 4; i++) {
      orchestrator.launch(launch()).expect(201);
    }
    orchestrator.launch(launch()).expect(429);

    AgentClient agent = BROKER.newAgent();
    agent.enrol(launched.text("enrolment_token")).expect(401);
    agent.enrol(again.text("enrolment_token"), "nonsense").expect(400);
    agent.enrol(again.text("enrolment_token")).expect(200);
    agent.renew(Via.MTLS, AgentKey.generate()).expect(200);
    agent.renew(Via.DPOP).expect(200);
    orchestrator.launch(whole, "once").expect(201);
    Reply other = ada.launch(launch()).expect(201);
    BROKER.newAgent().enrol(other.text("enrolment_token"), agent.key().csr()).expect(409);
    return agent;
  }

  private void exchangesAndEnds(AgentClient agent) {
    agent.self(Via.MTLS).expect(200);
    get(orchestrator, "/v1/self").expect(404);
    Reply token = agent.exchange(Via.MTLS, Ask.internal(DEPLOY, "deploy:read").ttl(60)).expect(200);
    Reply bound = agent.exchange(Via.DPOP, Ask.audience(DEPLOY, "deploy:read")).expect(200);
    agent.self(Via.DPOP).expect(200);
    agent.send(Via.MTLS, "GET", "/v1/writs?limit=1", Map.of(), "").expect(200);

    Launcher deploy = BROKER.as(BROKER.people().client("deploy"));
    for (Reply one : List.of(token, bound)) {
      assertEquals("true", deploy.introspect(one.text("access_token")).expect(200).text("active"));
    }
    deploy.introspect("nonsense").expect(200);
    deploy.introspect("").expect(400);
    orchestrator.introspect("nonsense").expect(404);

    agent.revoke(Via.MTLS, token.text("access_token")).expect(200);
    agent.revoke(Via.MTLS, "").expect(400);
    orchestrator.writs(agent.id()).expect(200);
    ada.endWrit(bound.text("writ")).expect(200);
    mallory.endWrit(bound.text("writ")).expect(404);
  }

  private void asksOtherTargets() {
    AgentClient agent = agent(ada.launch(launch()).expect(201));
    String role = "arn:aws:iam::123456789012:role/";
    String git = "protocol=https\nhost=github.com\npath=acme/";
    agent.exchange(Via.MTLS, Ask.github("acme/api", Map.of("contents", "read"))).expect(200);
    agent.exchange(Via.DPOP, Ask.resource(role + "agents")).expect(200);
    for (Via via : List.of(Via.MTLS, Via.DPOP)) {
      agent.aws(via, role + "agents").expect(200);
      agent.git(via, git + "api.git\n").expect(200);
    }
    agent.exchange(Via.MTLS, Ask.github("acme/busy", Map.of("contents", "read"))).expect(429);
    agent.exchange(Via.MTLS, Ask.github("acme/closed", Map.of("contents", "read"))).expect(400);
    agent.exchange(Via.MTLS, Ask.github("acme/absent", Map.of("contents", "read"))).expect(400);
    agent.exchange(Via.MTLS, Ask.github("acme/dark", Map.of("contents", "read"))).expect(503);
    agent.aws(Via.MTLS, role + "busy").expect(429);
    agent.aws(Via.MTLS, role + "root").expect(400);
    agent.aws(Via.MTLS, "").expect(400);
    agent.git(Via.MTLS, git + "busy").expect(429);
    agent.git(Via.MTLS, git + "dark").expect(503);
    agent.git(Via.MTLS, "nonsense").expect(400);
    agent.git(Via.NOTHING, git + "api").expect(401);
    agent.aws(Via.NOTHING, role + "agents").expect(401);
    agent.send(Via.MTLS, "GET", "/v1/writs", Map.of(), "").expect(200);
    ada.kill(agent.id()).expect(200);
    agent.aws(Via.MTLS, role + "agents").expect(400);
    agent.git(Via.MTLS, git + "api").expect(400);
  }

  private void asksForWhatItMayNot(AgentClient agent) {
    for (Ask ask :
        List.of(
            Ask.nothing(),
            Ask.internal(DEPLOY, "deploy:production"),
            Ask.internal("https://payroll.internal"),
            Ask.github("acme/web", Map.of("contents", "read")),
            Ask.github("acme/api", Map.of("issues", "write")),
            Ask.aws("arn:aws:iam::123456789012:role/agents", List.of("s3:PutObject"), List.of("*")),
            Ask.resource("https://elsewhere.example/acme/api"),
            Ask.detailsJson("[]"),
            Ask.audience(DEPLOY).with("subject_token", "nonsense"))) {
      BROKER.mintsNothing(() -> agent.exchange(Via.MTLS, ask)).expect(400);
    }
    agent
        .exchange(Via.NOTHING, Ask.audience(DEPLOY), Map.of("DPoP", agent.proof("GET", "/").sign()))
        .expect(400);
    agent.exchange(Via.NOTHING, Ask.audience(DEPLOY)).expect(401);
    agent
        .launch(
            Via.DPOP,
            Launch.of("deployer")
                .narrow(
                    List.of(Map.of("type", "internal", "audience", "https://payroll.internal"))))
        .expect(400);
  }

  private void looksAfterAgents(AgentClient agent) {
    String id = agent.id();
    AgentClient child = agent(agent.launch(Via.MTLS, Launch.of("deployer")).expect(201));
    child.exchange(Via.DPOP, Ask.audience(DEPLOY)).expect(200);
    child.self(Via.MTLS).expect(200);

    for (String query :
        List.of(
            "?owner=group:platform&limit=2",
            "?policy=deployer&state=live&role=builder&label=repository%3Dacme/api",
            "?parent=" + id + "&cursor=" + new UUID(0, 0))) {
      get(ada, "/v1/agents" + query).expect(200);
    }
    get(ada, "/v1/agents?limit=0").expect(400);
    ada.agent(id).expect(200);
    ada.extend(id, "12h").expect(200);
    ada.extend(id, "soon").expect(400);
    ada.owner(id, "user:nobody").expect(400);
    ada.owner(child.id(), "user:mallory").expect(409);
    ada.owner(id, "group:later").expect(200);
    mallory.acceptOwner(id).expect(409);
    ada.owner(id, "user:mallory").expect(200);
    mallory.acceptOwner(id).expect(200);
    for (String path : List.of("", "/extend", "/enrolment", "/kill", "/owner", "/owner/accept")) {
      Launcher nobody = BROKER.as(BROKER.people().user("eve"));
      nobody
          .send(path.isEmpty() ? "GET" : "POST", "/v1/agents/" + id + path, Map.of(), "{}")
          .expect(404);
    }
    ada.writs("nonsense").expect(404);
    get(ada, "/v1/writs?limit=0").expect(400);
  }

  private static AgentClient agent(Reply launched) {
    AgentClient agent = BROKER.newAgent();
    agent.enrol(launched.text("enrolment_token")).expect(200);
    return agent;
  }

  private void administers() {
    for (String path :
        List.of("/v1/policies", "/v1/policies/deployer", "/v1/policies/deployer?version=1")) {
      get(admin, path).expect(200);
      get(mallory, path).expect(404);
    }
    get(admin, "/v1/policies?limit=1").expect(200);
    get(admin, "/v1/policies?limit=0").expect(400);
    get(admin, "/v1/policies/deployer?version=x").expect(400);
    for (String path :
        List.of(
            "/v1/owners/user:ada",
            "/v1/owners/group:later",
            "/v1/owners/group:platform?at=2026-12-24T12:00:00Z")) {
      get(mallory, path).expect(200);
    }
    get(mallory, "/v1/owners/user:nobody").expect(404);
    get(mallory, "/v1/owners/user:ada?at=x").expect(400);

    BROKER.records().bind("api");
    admin.send("DELETE", "/v1/github/repositories/acme/api", Map.of(), "").expect(200);
    admin.send("DELETE", "/v1/github/repositories/acme/api", Map.of(), "").expect(404);
    BROKER.records().bindUser("june");
    admin.send("DELETE", "/v1/users/june/account", Map.of(), "").expect(200);
    admin.send("DELETE", "/v1/users/june/account", Map.of(), "").expect(404);

    get(admin, "/v1/doctor").expect(200);
    get(admin, "/v1/doctor?area=database,clock").expect(200);
    get(admin, "/v1/doctor?area=weather").expect(400);
    get(mallory, "/v1/doctor").expect(404);
    looksAfterKeys();

    Reply shown = get(admin, "/v1/policies/deployer").expect(200);
    String policies =
        "{\"comment\":\"without fleeting\",\"policies\":[" + shown.json().path("policy") + "]}";
    String owners = "{\"comment\":\"the same and joan\",\"owners\":" + owners() + "}";
    AgentClient fleeting = agent(ada.launch(Launch.of("fleeting").owner("user:ada")).expect(201));
    post(admin, "/v1/policies/apply", policies).expect(200);
    ada.extend(fleeting.id(), "1h").expect(409);
    ada.agent(fleeting.id()).expect(200);
    fleeting.self(Via.MTLS).expect(200);
    BROKER.mintsNothing(() -> fleeting.exchange(Via.MTLS, Ask.audience(DEPLOY))).expect(400);
    post(admin, "/v1/owners/apply", owners).expect(200);
    post(
            admin,
            "/v1/owners/apply",
            owners.replace(
                "\"rotation\"",
                "\"overrides\":[{\"from\":\"2026-01-06\",\"until\":\"2026-01-07\",\"user\":\"ada\"}],\"rotation\""))
        .expect(409);
    for (String path : List.of("/v1/policies/apply", "/v1/owners/apply")) {
      admin.send("POST", path, Map.of(), "{}").expect(400);
      mallory.send("POST", path, Map.of(), "{}").expect(404);
    }
  }

  private void looksAfterKeys() {
    List<String> ids =
        get(admin, "/v1/keys").expect(200).json().path("keys").findValuesAsText("id");
    String app = ids.stream().filter(id -> id.startsWith("github:")).findFirst().orElseThrow();
    get(admin, "/v1/keys/root").expect(200);
    get(mallory, "/v1/keys").expect(404);
    get(mallory, "/v1/keys/root").expect(404);
    for (String order : List.of("rotate", "retire", "compromise")) {
      post(admin, "/v1/keys/token/" + order, "{\"x\":1}").expect(400);
      post(mallory, "/v1/keys/token/" + order, "{}").expect(404);
    }
    post(admin, "/v1/keys/token/rotate", "{}").expect(202);
    post(admin, "/v1/keys/sts/rotate", "{\"now\":true}").expect(200);
    post(admin, "/v1/keys/sts/retire", "{}").expect(202);
    post(admin, "/v1/keys/" + app + "/rotate", "{}").expect(409);
    post(admin, "/v1/keys/operator-token/rotate", "{}").expect(200);
    post(admin, "/v1/keys/operator-token/retire", "{}").expect(200);
    post(admin, "/v1/keys/operator-token/retire", "{}").expect(409);
    post(admin, "/v1/keys/sts/compromise", "{\"reason\":\"a drill\"}").expect(200);
    post(admin, "/v1/keys/sts/compromise", "{\"version\":\"x\"}").expect(409);
  }

  private static JsonNode owners() {
    return ApiDescription.of(OWNERS.replace("mallory ]\ngroups", "mallory, joan ]\ngroups")).root();
  }

  private void diesAndIsBlamed(AgentClient agent) {
    Reply token = agent.exchange(Via.MTLS, Ask.audience(DEPLOY)).expect(200);
    Map<String, String> question = Map.of("jti", token.text("writ"));
    admin.blame(question).expect(200);
    post(admin, "/v1/agents/" + agent.id() + "/kill", "{\"tree\":1}").expect(400);
    assertEquals(
        2, admin.kill(agent.id(), "went astray", true).expect(200).json().path("results").size());
    admin.blame(question).expect(200);
    admin.blame(Map.of("harness", "claude-code", "session", "s-1")).expect(200);
    admin.blame(Map.of("agent", agent.id(), "at", "2026-01-01T00:00:00Z")).expect(404);
    admin.blame(Map.of("jti", "x")).expect(400);
    admin.agent(agent.id()).expect(200);
    admin.enrolment(agent.id()).expect(409);
    agent.exchange(Via.MTLS, Ask.audience(DEPLOY)).expect(400);
    agent.self(Via.MTLS).expect(401);
    String living = ada.launch(launch()).expect(201).text("id");
    ada.enrolment(living).expect(201);
  }

  private static void everybodyDiscovers() {
    for (Operation operation : ApiDescription.OURS.operations()) {
      if (isOpen(operation)) {
        BROKER
            .anybody()
            .send(operation.method(), URI.create(BROKER.url() + operation.template()), Map.of(), "")
            .expect(operation.method().equals("POST") ? 202 : 200);
      }
    }
    URI document = URI.create(BROKER.url() + "/openapi.yaml");
    BROKER.anybody().send("GET", document, Map.of("If-None-Match", "*"), "").expect(304);
  }

  private static void nobodyIsLetIn() {
    AgentKey key = AgentKey.generate();
    String csr = "{\"csr\":\"" + key.csr().replace("\n", "\\n") + "\"}";
    for (Operation operation : ApiDescription.OURS.operations()) {
      if (!isOpen(operation) && !READ_FIRST.contains(operation.template())) {
        String path =
            operation
                .template()
                .replace("{id}", UUID.randomUUID().toString())
                .replace("{owner}", "x")
                .replace("{name}", "x");
        BROKER
            .anybody()
            .send(operation.method(), URI.create(BROKER.url() + path), Map.of(), csr)
            .expect(401);
      }
    }
  }

  private static boolean isOpen(Operation operation) {
    JsonNode security = operation.place().node().path("security");
    return security.isArray() && security.isEmpty();
  }
}
