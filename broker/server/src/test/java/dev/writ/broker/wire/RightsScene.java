package dev.writ.broker.wire;

import dev.writ.fixtures.agent.AgentClient;
import dev.writ.fixtures.agent.Ask;
import dev.writ.fixtures.agent.Launch;
import dev.writ.fixtures.agent.Launcher;
import dev.writ.fixtures.agent.Via;
import dev.writ.fixtures.http.Http;
import dev.writ.fixtures.http.Reply;
import dev.writ.fixtures.oidc.KeycloakToken;
import java.net.URI;
import java.util.Map;
import java.util.UUID;

/**
 * Somebody, and an agent that they may or may not do something with.
 *
 * @param broker where they meet
 * @param caller who asks
 * @param boss who may do everything there
 * @param subject the agent
 * @param label that no other agent has
 * @param token what the agent holds
 * @param launch what the caller would launch
 */
record RightsScene(
    TestBroker broker,
    Sender caller,
    Launcher boss,
    AgentClient subject,
    String label,
    Reply token,
    Launch launch) {
  static final String DEPLOY = "https://deploy.internal";

  static final String POLICY =
      """
      lifetime: { agent: 12h, credential: 1h }
      launch:
        - keycloak/client:orchestrator
        - keycloak/user:joan
        - keycloak/user:eve
        - keycloak/user:rob
        - operator
        - agent
      owners: [ "group:platform", "user:ada" ]
      delegation: { depth: 8, policies: [ deployer ] }
      grants:
        - internal: { audience: "https://deploy.internal", scopes: [ "deploy:read" ] }
      """;

  static final String SETTINGS =
      """
      admins: [ "keycloak/group:security" ]
      auditors: [ "keycloak/group:audit" ]
      resource-servers:
        - { principal: "keycloak/client:deploy", audience: "https://deploy.internal" }
        - { principal: "keycloak/client:wiki", audience: "https://wiki.internal" }
      """;

  /** As at first: mallory and rob are to go. */
  static final String OWNERS_BEFORE = owners(", \"rob\"", ", \"mallory\"");

  /** Mallory is no member any more, rob no user. */
  static final String OWNERS = owners("", "");

  /** A way to send a request as somebody. */
  @FunctionalInterface
  interface Sender {
    Reply send(String method, String path, Map<String, String> headers, String body);
  }

  private static String owners(String user, String member) {
    return """
    {"users": ["ada", "grace", "mallory", "nina"%s],
     "groups": [{"name": "platform", "members": ["ada", "grace"%s],
       "rotation": {"weeks": 1, "handover": "Mon 09:00 Europe/Berlin", "from": "2026-01-05"}}]}
    """
        .formatted(user, member);
  }

  private RightsScene as(Sender other) {
    return new RightsScene(broker, other, boss, subject, label, token, launch);
  }

  /** A broker that knows people, one that does not, and who goes before the first test. */
  static final class Stage {
    private final TestBroker known;
    private final TestBroker alone;
    private final RightsScene ofRob;

    /** Rob launches an agent and is removed, and mallory leaves the owning group. */
    Stage(TestBroker known, TestBroker alone) {
      this.known = known;
      this.alone = alone;
      this.ofRob = launchedBy(person("rob"), person("rob")::send, "rob");
      admin()
          .send(
              "POST",
              "/v1/owners/apply",
              Map.of(),
              "{\"comment\":\"two go\",\"owners\":" + OWNERS + "}")
          .expect(200);
    }

    /** A fresh scene for the caller of a column. */
    RightsScene scene(String column) {
      String label = UUID.randomUUID().toString();
      return switch (column) {
        case "person" -> launchedBy(person("joan"), person("joan")::send, label);
        case "workload" -> byOrchestrator(orchestrator()::send, label);
        case "other" -> byOrchestrator(person("eve")::send, label);
        case "owner" ->
            of(
                known,
                person("ada")::send,
                admin(),
                orchestrator().bringUp(launch(label).owner("user:ada")),
                label);
        case "member" -> byOrchestrator(person("grace")::send, label);
        case "former" -> byOrchestrator(person("mallory")::send, label);
        case "removed" -> ofRob.as(person("rob")::send);
        case "heir" -> offered(person("nina")::send, label);
        case "admin" -> byOrchestrator(admin()::send, label);
        case "auditor" -> byOrchestrator(person("auditor", "/audit")::send, label);
        case "server" -> byOrchestrator(client("deploy")::send, label);
        case "elsewhere" -> byOrchestrator(client("wiki")::send, label);
        case "operator" -> byOperator(label);
        case "token" -> byOrchestrator(known.operator()::send, label);
        case "invalid" -> byOrchestrator(known.bearer("nonsense")::send, label);
        case "nobody" -> byOrchestrator(nobody(known), label);
        default -> inFamily(column, label);
      };
    }

    private RightsScene inFamily(String column, String label) {
      AgentClient grand = orchestrator().bringUp(launch("of " + label));
      AgentClient parent = known.child(grand, Via.MTLS, Launch.of("deployer"));
      AgentClient agent = known.child(parent, Via.MTLS, launch(label).without("owner"));
      AgentClient caller =
          switch (column) {
            case "agent" -> agent;
            case "parent" -> parent;
            case "grand" -> grand;
            case "child" -> known.child(agent, Via.MTLS, Launch.of("deployer"));
            case "sibling" -> known.child(parent, Via.MTLS, Launch.of("deployer"));
            default -> throw new IllegalArgumentException("nobody is called " + column);
          };
      Sender sender =
          (method, path, headers, body) -> caller.send(Via.MTLS, method, path, headers, body);
      RightsScene scene = of(known, sender, admin(), agent, label);
      return new RightsScene(
          known, sender, scene.boss(), agent, label, scene.token(), Launch.of("deployer"));
    }

    private RightsScene byOrchestrator(Sender caller, String label) {
      return launchedBy(orchestrator(), caller, label);
    }

    private RightsScene launchedBy(Launcher launcher, Sender caller, String label) {
      return of(known, caller, admin(), launcher.bringUp(launch(label)), label);
    }

    private RightsScene offered(Sender caller, String label) {
      RightsScene scene = byOrchestrator(caller, label);
      person("grace").owner(scene.subject().id(), "user:nina").expect(200);
      return scene;
    }

    private RightsScene byOperator(String label) {
      Launcher operator = alone.operator();
      return of(alone, operator::send, operator, operator.bringUp(launch(label)), label);
    }

    private static RightsScene of(
        TestBroker broker, Sender caller, Launcher boss, AgentClient subject, String label) {
      Reply token = subject.exchange(Via.MTLS, Ask.audience(DEPLOY)).expect(200);
      return new RightsScene(broker, caller, boss, subject, label, token, launch("another"));
    }

    private static Launch launch(String label) {
      return Launch.of("deployer").owner("group:platform").labels(Map.of("scene", label));
    }

    private Launcher person(String name, String... groups) {
      return known.as(known.people().user(name).groups(groups));
    }

    private Launcher admin() {
      return person("root", "/security");
    }

    private Launcher orchestrator() {
      return client("orchestrator");
    }

    /** Its {@code sub} is its name, as that of a client of some other provider than Keycloak. */
    private Launcher client(String name) {
      KeycloakToken token = known.people().client(name);
      return known.as(name.equals("wiki") ? token.subject(name) : token);
    }

    private static Sender nobody(TestBroker broker) {
      Http http = broker.anybody();
      return (method, path, headers, body) ->
          http.send(method, URI.create(broker.url() + path), headers, body);
    }
  }
}
