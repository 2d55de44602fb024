package dev.writ.broker.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.writ.broker.wire.ApiDescription.Operation;
import dev.writ.broker.wire.ApiDescription.Place;
import dev.writ.fixtures.http.Reply;
import dev.writ.fixtures.http.Traffic.Exchanged;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The OpenAPI document: sound, complete, served; and the check of traffic against it bites. */
class OpenApiTest {
  /**
   * Of the OpenAPI Initiative; without the contents of schema objects, which are its {@code meta}.
   */
  private static final String OPENAPI = "https://spec.openapis.org/oas/3.1/schema/2025-09-15";

  private static final String OPENAPI_AND_SCHEMAS = "urn:writ:test:openapi";
  private static final ApiDescription API = ApiDescription.OURS;
  private static final String AGENT = "3b241101-e2bb-4255-8caf-4136c566a962";

  @RegisterExtension
  static final TestBroker BROKER =
      TestBroker.withPolicy(
          "deployer",
          """
          lifetime: { agent: 12h, credential: 1h }
          launch: [ "operator" ]
          grants: []
          """);

  private static Reply get(String path, Map<String, String> headers) {
    return BROKER.anybody().send("GET", URI.create(BROKER.url() + path), headers, "");
  }

  @Test
  void is_served_to_everybody_and_not_again_to_who_has_it() {
    Reply first = get("/openapi.yaml", Map.of()).expect(200);

    assertEquals("application/yaml", first.header("Content-Type"));
    assertEquals(API.root(), ApiDescription.of(first.body()).root());
    String tag = first.header("ETag");
    for (String held : List.of(tag, "W/" + tag, "\"other\", " + tag, "*")) {
      Reply again = get("/openapi.yaml", Map.of("If-None-Match", held)).expect(304);
      assertEquals(tag, again.header("ETag"));
      assertEquals("", again.body());
    }
    get("/openapi.yaml", Map.of("If-None-Match", "\"other\"")).expect(200);
  }

  @Test
  void is_a_valid_openapi_3_1_document() {
    assertEquals(List.of(), openapi().validate(API.root()).stream().map(Object::toString).toList());
  }

  @Test
  void an_invalid_document_is_found() {
    for (String path : List.of("/components/schemas/Uuid", "/paths/~1token/post")) {
      JsonNode broken = API.root().deepCopy();
      ((ObjectNode) broken.at(path)).put("type", "text").put("responses", 7);
      assertFalse(openapi().validate(broken).isEmpty(), path);
    }
  }

  private static Schema openapi() {
    String both =
        """
        { "$id": "%s", "$schema": "https://json-schema.org/draft/2020-12/schema", "$ref": "%s",
          "$defs": { "schema": {
            "$dynamicAnchor": "meta", "$ref": "https://json-schema.org/draft/2020-12/schema" } } }
        """
            .formatted(OPENAPI_AND_SCHEMAS, OPENAPI);
    return SchemaRegistry.withDefaultDialect(
            SpecificationVersion.DRAFT_2020_12,
            builder ->
                builder.schemas(
                    Map.of(
                        OPENAPI_AND_SCHEMAS,
                        both,
                        OPENAPI,
                        ApiDescription.resource("/openapi/3.1/schema/2025-09-15"))))
        .getSchema(SchemaLocation.of(OPENAPI_AND_SCHEMAS));
  }

  @Test
  void describes_every_route_of_the_server_and_no_other() {
    Set<String> served =
        BROKER.routes().stream()
            .map(route -> route.replaceAll(":(\\w+)", "{$1}"))
            .collect(Collectors.toCollection(TreeSet::new));

    assertEquals(
        String.join("\n", served),
        API.operations().stream()
            .map(Operation::toString)
            .sorted()
            .collect(Collectors.joining("\n")));
  }

  @Test
  void every_component_is_used() {
    String all = API.root().toString();
    List<String> unused = new ArrayList<>();
    for (String kind : List.of("schemas", "responses", "parameters", "headers", "requestBodies")) {
      API.place("components", kind)
          .node()
          .fieldNames()
          .forEachRemaining(name -> {
            if (!all.contains("\"#/components/" + kind + "/" + name + "\"")) {
              unused.add(kind + "/" + name);
            }
          });
    }
    assertEquals(List.of(), unused);
  }

  @Test
  void its_examples_are_as_it_describes() {
    List<String> errors = new ArrayList<>();
    int examples = 0;
    for (Place media : media()) {
      List<JsonNode> values = new ArrayList<>();
      media.node().path("examples").forEach(example -> values.add(example.path("value")));
      if (media.node().has("example")) {
        values.add(media.node().path("example"));
      }
      examples += values.size();
      values.forEach(value -> media.errors(value).forEach(e -> errors.add(media + " " + e)));
    }
    assertEquals(List.of(), errors);
    assertTrue(examples > 15, examples + " examples");
  }

  private static List<Place> media() {
    List<Place> media = new ArrayList<>();
    for (Operation operation : API.operations()) {
      operation.place().at("requestBody").at("content").members().forEach(media::add);
      for (Place response : operation.place().at("responses").members()) {
        media.addAll(response.at("content").members());
      }
    }
    return media;
  }

  @Test
  void the_check_finds_whatever_is_not_as_described() {
    String agent =
        "{\"type\":\"urn:writ:problem:not-found\",\"title\":\"Not Found\",\"status\":404,\"detail\":\"x\"}";
    Map<String, String> problem = Map.of("Content-Type", "application/problem+json");
    assertSound(answer("GET", "/v1/agents/" + AGENT, 404, problem, agent));
    assertSound(answer("GET", "/v1/nowhere", 404, problem, agent));

    assertWrong(
        answer("GET", "/v1/agents/" + AGENT, 404, problem, agent.replace("title", "tilte")));
    assertWrong(answer("GET", "/v1/agents/" + AGENT, 404, problem, agent.replace("\"x\"", "7")));
    assertWrong(answer("GET", "/v1/agents/" + AGENT, 404, problem, "nonsense"));
    assertWrong(answer("GET", "/v1/agents/" + AGENT, 404, problem, ""));
    assertWrong(answer("GET", "/v1/agents/" + AGENT, 404, Map.of(), agent));
    assertWrong(
        answer(
            "GET", "/v1/agents/" + AGENT, 404, Map.of("Content-Type", "application/json"), agent));
    assertWrong(answer("GET", "/v1/agents/" + AGENT, 409, problem, agent));
    assertWrong(answer("GET", "/v1/agents/" + AGENT, 401, problem, agent));
    assertWrong(answer("GET", "/v1/nowhere", 200, Map.of(), ""));
    assertWrong(answer("POST", "/revoke", 200, Map.of(), "{}"));
  }

  @Test
  void the_check_finds_a_granted_request_that_is_not_described() {
    Map<String, String> json = Map.of("Content-Type", "application/json");
    String page = "{\"writs\":[]}";
    String writs = "/v1/writs?agent=" + AGENT;
    assertSound(exchanged("GET", writs + "&limit=5", "", 200, json, page));
    assertWrong(exchanged("GET", writs + "&limit=0", "", 200, json, page));
    assertWrong(exchanged("GET", writs + "&limit=x", "", 200, json, page));
    assertWrong(exchanged("GET", writs + "&colour=blue", "", 200, json, page));
    assertWrong(exchanged("GET", writs, "", 200, json, "{\"writs\":[],\"colour\":\"blue\"}"));

    String results = "{\"results\":[]}";
    String kill = "/v1/agents/" + AGENT + "/kill";
    assertSound(exchanged("POST", kill, "", 200, json, results));
    assertSound(exchanged("POST", kill, "{\"tree\":true}", 200, json, results));
    assertWrong(exchanged("POST", kill, "{\"tree\":1}", 200, json, results));
    assertWrong(exchanged("POST", kill, "{\"colour\":1}", 200, json, results));
    assertWrong(exchanged("POST", kill.replace(AGENT, "x"), "", 200, json, results));

    assertSound(exchanged("POST", "/revoke", "token=x", 200, Map.of(), ""));
    assertWrong(exchanged("POST", "/revoke", "token=", 200, Map.of(), ""));
    assertWrong(exchanged("POST", "/revoke", "", 200, Map.of(), ""));
  }

  private static Exchanged answer(
      String method, String path, int status, Map<String, String> headers, String body) {
    return exchanged(method, path, "token=x", status, headers, body);
  }

  private static Exchanged exchanged(
      String method,
      String path,
      String asked,
      int status,
      Map<String, String> headers,
      String body) {
    Map<String, List<String>> all =
        headers.entrySet().stream()
            .collect(Collectors.toMap(Map.Entry::getKey, e -> List.of(e.getValue())));
    return new Exchanged(
        method,
        URI.create("https://localhost" + path),
        Map.of(),
        asked.getBytes(StandardCharsets.UTF_8),
        Reply.of(status, all, body));
  }

  private static void assertSound(Exchanged exchanged) {
    assertEquals(List.of(), new ApiCheck().errors(exchanged));
  }

  private static void assertWrong(Exchanged exchanged) {
    assertNotEquals(List.of(), new ApiCheck().errors(exchanged), exchanged::toString);
  }
}
