package dev.writ.broker.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.writ.broker.wire.RightsScene.Stage;
import dev.writ.fixtures.agent.Ask;
import dev.writ.fixtures.http.Reply;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Who may do what, on every route, for everybody: the table of the architecture, spelled out. */
class RightsTableTest {
  /**
   * What becomes of a request about some agent.
   *
   * <pre>
   * +  it is done
   * 0  it is answered as if the agent, or what it holds, were not there
   * -  404, word for word that for what does not exist
   * !  400 or 409: the caller is known, and what was asked is not for anybody to have so
   * x  401
   * </pre>
   *
   * <p>person, workload: launched the agent; other: may launch, and did not launch this one; grand:
   * the parent's parent; former: was a member of the owning group; removed: launched the agent and
   * is no owner any more; heir: was offered the agent; server: a resource server of the audience,
   * elsewhere: of another; operator: holds the operator token of a broker without launchers, token:
   * of one with.
   */
  private static final String TABLE =
      """
      route                                        person workload other agent parent grand child sibling owner member former removed heir admin auditor server elsewhere operator token nobody invalid
      GET /v1/agents                                  +      +       0     +     +      +     0     0       +     +      0      0      0    +     +       0       0        +       x     x      x
      POST /v1/agents                                 +      +       +     +     +      +     +     +       -     -      -      -      -    -     -       -       -        +       x     x      x
      GET /v1/agents/:id                              +      +       -     +     +      +     -     -       +     +      -      -      -    +     +       -       -        +       x     x      x
      POST /v1/agents/:id/extend                      +      +       -     -     +      -     -     -       +     +      -      -      -    +     -       -       -        +       x     x      x
      POST /v1/agents/:id/enrolment                   +      +       -     -     +      -     -     -       -     -      -      -      -    +     -       -       -        +       x     x      x
      POST /v1/agents/:id/kill                        +      +       -     +     +      +     -     -       +     +      -      -      -    +     -       -       -        +       x     x      x
      POST /v1/agents/:id/owner                       -      -       -     -     -      -     -     -       +     +      -      -      -    +     -       -       -        +       x     x      x
      POST /v1/agents/:id/owner/accept                -      -       -     -     -      -     -     -       -     -      -      -      +    -     -       -       -        -       x     x      x
      POST /v1/svid                                   x      x       x     +     !      !     !     !       x     x      x      x      x    x     x       x       x        x       x     x      x
      POST /token                                     x      x       x     +     !      !     !     !       x     x      x      x      x    x     x       x       x        x       x     x      x
      GET /v1/credentials/aws                         x      x       x     !     !      !     !     !       x     x      x      x      x    x     x       x       x        x       x     x      x
      POST /v1/credentials/git                        x      x       x     !     !      !     !     !       x     x      x      x      x    x     x       x       x        x       x     x      x
      GET /v1/self                                    -      -       -     +     0      0     0     0       -     -      -      -      -    -     -       -       -        -       x     x      x
      GET /v1/writs                                   +      +       -     +     +      +     -     -       +     +      -      -      -    +     +       -       -        +       x     x      x
      DELETE /v1/writs/:id                            +      +       -     +     +      +     -     -       +     +      -      -      -    +     -       -       -        +       x     x      x
      POST /introspect                                -      -       -     -     -      -     -     -       -     -      -      -      -    -     -       +       0        -       x     x      x
      POST /revoke                                    0      0       0     +     0      0     0     0       0     0      0      0      0    0     0       0       0        0       x     x      x
      GET /v1/blame                                   +      +       -     +     +      +     -     -       +     +      -      -      -    +     +       -       -        +       x     x      x
      GET /v1/policies                                -      -       -     -     -      -     -     -       -     -      -      -      -    +     +       -       -        +       x     x      x
      GET /v1/policies/:name                          -      -       -     -     -      -     -     -       -     -      -      -      -    +     +       -       -        +       x     x      x
      POST /v1/policies/apply                         -      -       -     -     -      -     -     -       -     -      -      -      -    +     -       -       -        +       x     x      x
      POST /v1/policies/poll                          +      +       +     +     +      +     +     +       +     +      +      +      +    +     +       +       +        +       +     +      +
      GET /v1/owners/:name                            +      +       +     +     +      +     +     +       +     +      +      +      +    +     +       +       +        +       x     x      x
      POST /v1/owners/apply                           -      -       -     -     -      -     -     -       -     -      -      -      -    +     -       -       -        +       x     x      x
      DELETE /v1/github/repositories/:owner/:name     -      -       -     -     -      -     -     -       -     -      -      -      -    +     -       -       -        +       x     x      x
      GET /v1/keys                                    -      -       -     -     -      -     -     -       -     -      -      -      -    +     +       -       -        +       x     x      x
      GET /v1/keys/:id                                -      -       -     -     -      -     -     -       -     -      -      -      -    +     +       -       -        +       x     x      x
      POST /v1/keys/:id/rotate                        -      -       -     -     -      -     -     -       -     -      -      -      -    +     -       -       -        +       x     x      x
      POST /v1/keys/:id/retire                        -      -       -     -     -      -     -     -       -     -      -      -      -    !     -       -       -        !       x     x      x
      POST /v1/keys/:id/compromise                    -      -       -     -     -      -     -     -       -     -      -      -      -    +     -       -       -        +       x     x      x
      GET /v1/doctor                                  -      -       -     -     -      -     -     -       -     -      -      -      -    +     -       -       -        +       x     x      x
      DELETE /v1/users/:name/account                  -      -       -     -     -      -     -     -       -     -      -      -      -    +     -       -       -        +       x     x      x
      GET /.well-known/openid-configuration           +      +       +     +     +      +     +     +       +     +      +      +      +    +     +       +       +        +       +     +      +
      GET /.well-known/oauth-authorization-server     +      +       +     +     +      +     +     +       +     +      +      +      +    +     +       +       +        +       +     +      +
      GET /.well-known/oauth-protected-resource       +      +       +     +     +      +     +     +       +     +      +      +      +    +     +       +       +        +       +     +      +
      GET /jwks                                       +      +       +     +     +      +     +     +       +     +      +      +      +    +     +       +       +        +       +     +      +
      GET /spiffe/bundle                              +      +       +     +     +      +     +     +       +     +      +      +      +    +     +       +       +        +       +     +      +
      GET /sts/.well-known/openid-configuration       +      +       +     +     +      +     +     +       +     +      +      +      +    +     +       +       +        +       +     +      +
      GET /sts/jwks                                   +      +       +     +     +      +     +     +       +     +      +      +      +    +     +       +       +        +       +     +      +
      GET /openapi.yaml                               +      +       +     +     +      +     +     +       +     +      +      +      +    +     +       +       +        +       +     +      +
      """;

  /** After these a scene is not what it was. */
  private static final Set<String> CHANGING =
      Set.of(
          "POST /v1/agents/:id/extend",
          "POST /v1/agents/:id/enrolment",
          "POST /v1/agents/:id/kill",
          "POST /v1/agents/:id/owner",
          "POST /v1/agents/:id/owner/accept",
          "DELETE /v1/writs/:id",
          "POST /revoke");

  @RegisterExtension
  static final TestBroker BROKER =
      TestBroker.withPolicy("deployer", RightsScene.POLICY)
          .owners(RightsScene.OWNERS_BEFORE)
          .withPeople()
          .settings(RightsScene.SETTINGS);

  @RegisterExtension
  static final TestBroker ALONE =
      TestBroker.withPolicy("deployer", RightsScene.POLICY).owners(RightsScene.OWNERS);

  private static final Map<String, RightsScene> SCENES = new HashMap<>();

  @SuppressWarnings("NullAway.Init")
  private static Stage stage;

  @BeforeAll
  static void set() {
    stage = new Stage(BROKER, ALONE);
  }

  private static Stream<List<String>> rows() {
    return TABLE.lines().map(line -> Arrays.asList(line.strip().split("\\s{2,}")));
  }

  private static List<String> columns() {
    String heads = TABLE.lines().findFirst().orElseThrow();
    return List.of(heads.substring(heads.indexOf("person")).split("\\s+"));
  }

  @Test
  void the_table_names_every_route() {
    Set<String> named =
        rows().skip(1).map(row -> row.get(0)).collect(Collectors.toCollection(TreeSet::new));

    assertEquals(new TreeSet<>(BROKER.routes()), named);
    assertFalse(named.isEmpty());
  }

  @TestFactory
  Stream<DynamicTest> everybody_may_do_what_the_table_says() {
    List<String> columns = columns();
    return rows()
        .skip(1)
        .flatMap(row -> {
          String route = row.get(0);
          List<String> cells = row.subList(1, row.size());
          assertEquals(columns.size(), cells.size(), route);
          return Stream.iterate(0, i -> i + 1)
              .limit(columns.size())
              .map(i ->
                  DynamicTest.dynamicTest(
                      columns.get(i) + " " + cells.get(i) + " " + route,
                      () -> check(route, columns.get(i), cells.get(i))));
        });
  }

  private static void check(String route, String column, String expected) {
    boolean fresh = expected.equals("+") && CHANGING.contains(route);
    RightsScene scene = fresh ? stage.scene(column) : SCENES.computeIfAbsent(column, stage::scene);

    Reply reply = send(route, scene, Things.of(scene));

    assertEquals(expected, outcome(route, scene, reply), reply::toString);
    if (expected.equals("-")) {
      Things unknown = Things.unknown();
      Reply nothing = send(route, scene, unknown);
      assertEquals(404, nothing.status());
      assertEquals(nothing.body().replace(unknown.policy(), "deployer"), reply.body());
      assertEquals(nothing.headers().keySet(), reply.headers().keySet());
    }
  }

  /** What a request names. */
  private record Things(
      String agent, String writ, String policy, String repository, String user, String key) {
    static Things of(RightsScene scene) {
      scene.broker().records().bind("api");
      scene.broker().records().bindUser("june");
      return new Things(
          scene.subject().id(), scene.token().text("writ"), "deployer", "api", "june", "sts");
    }

    static Things unknown() {
      String id = UUID.randomUUID().toString();
      return new Things(
          id, id, "no-such-policy", "no-such-repository", "no-such-user", "no-such-key");
    }
  }

  private static Reply send(String route, RightsScene scene, Things things) {
    String method = route.substring(0, route.indexOf(' '));
    String path =
        route
            .substring(route.indexOf(' ') + 1)
            .replace("/agents/:id", "/agents/" + things.agent())
            .replace("/writs/:id", "/writs/" + things.writ())
            .replace("/policies/:name", "/policies/" + things.policy())
            .replace("/owners/:name", "/owners/group:platform")
            .replace("/keys/:id", "/keys/" + things.key())
            .replace("/users/:name", "/users/" + things.user())
            .replace("/:owner/:name", "/acme/" + things.repository());
    String query =
        switch (route) {
          case "GET /v1/agents" -> "?label=scene%3D" + scene.label().replace(" ", "%20");
          case "GET /v1/writs" -> "?agent=" + things.agent();
          case "GET /v1/credentials/aws" -> "?role=arn:aws:iam::123456789012:role/agents";
          case "GET /v1/blame" -> "?jti=" + things.writ();
          default -> "";
        };
    String body = body(route, scene, things);
    String type = body.startsWith("{") ? "application/json" : "application/x-www-form-urlencoded";
    return scene.caller().send(method, path + query, Map.of("Content-Type", type), body);
  }

  private static String body(String route, RightsScene scene, Things things) {
    String token = scene.token().text("access_token");
    return switch (route) {
      case "POST /v1/agents" -> scene.launch().with("policy", things.policy()).json();
      case "POST /v1/agents/:id/extend" -> "{\"ttl\":\"12h\"}";
      case "POST /v1/agents/:id/owner" -> "{\"owner\":\"user:grace\"}";
      case "POST /v1/svid" ->
          "{\"csr\":\"" + scene.subject().key().csr().replace("\n", "\\n") + "\"}";
      case "POST /token" -> Ask.audience(RightsScene.DEPLOY).form(scene.subject().svids().jwt());
      case "POST /v1/credentials/git" -> "protocol=https\nhost=github.com\npath=acme/api\n\n";
      case "POST /introspect", "POST /revoke" -> "token=" + token;
      case "POST /v1/policies/apply" -> scene.broker().policySet();
      case "POST /v1/owners/apply" ->
          "{\"comment\":\"the same\",\"owners\":" + RightsScene.OWNERS + "}";
      default -> "{}";
    };
  }

  private static String outcome(String route, RightsScene scene, Reply reply) {
    return switch (reply.status()) {
      case 200, 201, 202 -> reaches(route, scene, reply) ? "+" : "0";
      case 400, 409 -> "!";
      case 401 -> "x";
      case 404 -> "-";
      default -> "status " + reply.status();
    };
  }

  private static boolean reaches(String route, RightsScene scene, Reply reply) {
    String id = scene.subject().id();
    return switch (route) {
      case "GET /v1/agents" -> reply.json().path("agents").path(0).path("id").asText().equals(id);
      case "GET /v1/self" -> reply.text("id").equals(id);
      case "POST /introspect" -> reply.json().path("active").asBoolean();
      case "POST /revoke" -> {
        Reply writs = scene.boss().writs(id).expect(200);
        yield writs.json().path("writs").get(0).path("state").asText().equals("ended");
      }
      default -> true;
    };
  }
}
