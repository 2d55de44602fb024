package dev.writ.keycloak;

import com.fasterxml.jackson.databind.JsonNode;
import dev.writ.fixtures.http.Reply;
import dev.writ.fixtures.http.Traffic.Exchanged;
import dev.writ.keycloak.ApiDescription.Operation;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.function.Consumer;

/**
 * Checks what is exchanged with our part of a Keycloak against the OpenAPI document: each answer,
 * and the body of each request that was granted. Refused requests may be anything.
 */
final class ApiCheck implements Consumer<Exchanged> {
  static final ApiCheck OURS = new ApiCheck(ApiDescription.ours());

  private final ApiDescription api;
  private final Set<String> seen = new ConcurrentSkipListSet<>();

  private ApiCheck(ApiDescription api) {
    this.api = api;
  }

  /**
   * Operations that were answered well, such as {@code GET /admin/realms/{realm}/writ/settings}.
   */
  Set<String> seen() {
    return new TreeSet<>(seen);
  }

  @Override
  public void accept(Exchanged exchanged) {
    String path = exchanged.uri().getRawPath();
    boolean isOurs =
        path.matches("/admin/realms/[^/]+/writ/.+") || path.matches("/realms/[^/]+/writ/source/.+");
    if (!isOurs || exchanged.reply().status() >= 500) {
      return;
    }
    Optional<Operation> operation = api.find(exchanged.method(), path);
    if (operation.isEmpty()) {
      throw new AssertionError(exchanged + " is not described in openapi.yaml");
    }
    List<String> errors = errors(operation.get(), exchanged);
    if (!errors.isEmpty()) {
      throw new AssertionError(
          exchanged + " is not as openapi.yaml describes:\n  " + String.join("\n  ", errors));
    }
    if (exchanged.reply().status() < 400) {
      seen.add(operation.get().toString());
    }
  }

  private List<String> errors(Operation operation, Exchanged exchanged) {
    Reply reply = exchanged.reply();
    String responses = operation.place() + "/responses/";
    boolean own = api.root().at(responses + reply.status()).isObject();
    if (!own && reply.status() < 400) {
      return List.of("the status " + reply.status() + " is not described");
    }
    String response = api.resolve(responses + (own ? reply.status() : "default"));
    List<String> errors = new ArrayList<>(content(response, reply));
    if (reply.status() < 400) {
      errors.addAll(parameters(operation, exchanged));
      errors.addAll(body(operation, exchanged));
    }
    return errors;
  }

  private List<String> content(String response, Reply reply) {
    JsonNode described = api.root().at(response + "/content");
    if (!described.isObject()) {
      return reply.body().isEmpty() ? List.of() : List.of("a body is not described");
    }
    String type = reply.header("Content-Type").split(";", 2)[0].strip();
    if (!described.has(type)) {
      return List.of("the type \"" + type + "\" is not described");
    }
    JsonNode value =
        type.endsWith("json") ? reply.json() : WritApi.JSON.getNodeFactory().textNode(reply.body());
    return api.errors(response + "/content/" + ApiDescription.escape(type) + "/schema", value);
  }

  private List<String> parameters(Operation operation, Exchanged exchanged) {
    JsonNode described = api.root().at(operation.place());
    String query = exchanged.uri().getQuery();
    if (query == null || described.path("x-any-query").asBoolean()) {
      return List.of();
    }
    Set<String> known = new TreeSet<>();
    for (int i = 0; i < described.path("parameters").size(); i++) {
      known.add(
          api.root().at(api.resolve(operation.place() + "/parameters/" + i)).path("name").asText());
    }
    List<String> errors = new ArrayList<>();
    for (String pair : query.split("&")) {
      String name = pair.split("=", 2)[0];
      if (!known.contains(name)) {
        errors.add("the parameter " + name + " is not described");
      }
    }
    return errors;
  }

  private List<String> body(Operation operation, Exchanged exchanged) {
    String schema = operation.place() + "/requestBody/content/application~1json/schema";
    if (exchanged.body().length == 0 || api.root().at(schema).isMissingNode()) {
      return List.of();
    }
    String text = new String(exchanged.body(), StandardCharsets.UTF_8);
    return api.errors(schema, Reply.of(200, Map.of(), text).json());
  }
}
