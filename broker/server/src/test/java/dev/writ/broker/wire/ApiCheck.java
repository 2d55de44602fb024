package dev.writ.broker.wire;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.writ.broker.wire.ApiDescription.Operation;
import dev.writ.broker.wire.ApiDescription.Place;
import dev.writ.fixtures.http.Reply;
import dev.writ.fixtures.http.Traffic.Exchanged;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.regex.Matcher;

/**
 * Checks traffic against the OpenAPI document of the broker: each answer, and each request that was
 * granted. Refused requests may be anything.
 */
final class ApiCheck implements Consumer<Exchanged> {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private final ApiDescription api = ApiDescription.OURS;
  private final Set<String> seen = ConcurrentHashMap.newKeySet();

  @Override
  public void accept(Exchanged exchanged) {
    List<String> errors = errors(exchanged);
    if (!errors.isEmpty()) {
      throw new AssertionError(
          exchanged + " is not as openapi.yaml describes:\n  " + String.join("\n  ", errors));
    }
  }

  /** Operations and statuses that were seen, such as {@code GET /v1/agents/{id} 200}. */
  Set<String> seen() {
    return Set.copyOf(seen);
  }

  List<String> errors(Exchanged exchanged) {
    Reply reply = exchanged.reply();
    Optional<Operation> operation = api.operation(exchanged.method(), exchanged.uri().getRawPath());
    if (operation.isEmpty()) {
      return reply.status() == 404 || reply.status() == 405
          ? content(api.place("components", "responses", "Otherwise"), reply)
          : List.of("the path or the method is not described");
    }
    seen.add(operation.get() + " " + reply.status());
    List<String> errors = new ArrayList<>(answer(operation.get(), reply));
    if (reply.status() < 400) {
      errors.addAll(parameters(operation.get(), exchanged));
      errors.addAll(body(operation.get(), exchanged));
    }
    return errors;
  }

  private static List<String> answer(Operation operation, Reply reply) {
    Place response = operation.response(reply.status());
    JsonNode only = response.node().path("x-statuses");
    if (!response.exists()
        || (only.isArray() && only.valueStream().noneMatch(s -> s.asInt() == reply.status()))) {
      return List.of("the status " + reply.status() + " is not described");
    }
    List<String> errors = new ArrayList<>(content(response, reply));
    for (String name : response.at("headers").names()) {
      Place header = response.at("headers").at(name);
      String value = reply.header(name);
      if (!value.isEmpty()) {
        header.errors(NODES.textNode(value)).forEach(e -> errors.add("header " + name + ": " + e));
      } else if (header.node().path("required").asBoolean()) {
        errors.add("the header " + name + " is missing");
      }
    }
    return errors;
  }

  private static List<String> content(Place response, Reply reply) {
    if (!response.at("content").exists()) {
      return reply.body().isEmpty() ? List.of() : List.of("a body is not described");
    }
    Place media = response.at("content").at(type(reply.header("Content-Type")));
    if (!media.exists()) {
      return List.of("the type \"" + reply.header("Content-Type") + "\" is not described");
    }
    return media.errors(isJson(media) ? reply.json() : NODES.textNode(reply.body()));
  }

  private static boolean isJson(Place media) {
    return media.toString().endsWith("json");
  }

  private List<String> parameters(Operation operation, Exchanged exchanged) {
    Map<String, String> query = form(Optional.ofNullable(exchanged.uri().getRawQuery()));
    Map<String, String> path = variables(operation, exchanged.uri().getRawPath());
    List<String> errors = new ArrayList<>();
    List<Place> described = new ArrayList<>(operation.place().at("parameters").items());
    described.addAll(api.place("paths", operation.template(), "parameters").items());
    for (Place parameter : described) {
      String name = parameter.node().path("name").asText();
      Optional<String> value =
          Optional.ofNullable(
              switch (parameter.node().path("in").asText()) {
                case "query" -> query.remove(name);
                case "path" -> path.remove(name);
                default -> exchanged.headers().get(name);
              });
      value.ifPresent(text ->
          parameter
              .errors(read(parameter.at("schema"), text))
              .forEach(e -> errors.add("parameter " + name + ": " + e)));
    }
    query.keySet().forEach(name -> errors.add("the parameter " + name + " is not described"));
    path.keySet().forEach(name -> errors.add("the variable " + name + " is not described"));
    return errors;
  }

  private static Map<String, String> variables(Operation operation, String path) {
    Matcher names = operation.path().matcher(operation.template());
    Matcher values = operation.path().matcher(path);
    Map<String, String> variables = new LinkedHashMap<>();
    if (names.matches() && values.matches()) {
      for (int i = 1; i <= values.groupCount(); i++) {
        String name = names.group(i).substring(1, names.group(i).length() - 1);
        variables.put(name, decode(values.group(i)));
      }
    }
    return variables;
  }

  /** A body of an operation that reads none may be anything. */
  private static List<String> body(Operation operation, Exchanged exchanged) {
    Place described = operation.place().at("requestBody");
    if (!described.exists()
        || (exchanged.body().length == 0 && !described.node().path("required").asBoolean())) {
      return List.of();
    }
    String text = new String(exchanged.body(), StandardCharsets.UTF_8);
    Place form = described.at("content").at("application/x-www-form-urlencoded");
    if (form.exists()) {
      ObjectNode members = NODES.objectNode();
      form(Optional.of(text))
          .forEach((name, value) ->
              members.set(name, read(form.at("schema").at("properties").at(name), value)));
      return form.errors(members);
    }
    Place plain = described.at("content").at("text/plain");
    return plain.exists()
        ? plain.errors(NODES.textNode(text))
        : described.at("content").at("application/json").errors(parse(text));
  }

  /** A parameter's text as a value of the type that it is described to have. */
  private static JsonNode read(Place schema, String text) {
    return switch (schema.node().path("type").asText()) {
      case "integer" -> text.matches("-?[0-9]{1,18}") ? parse(text) : NODES.textNode(text);
      case "array", "object" -> parse(text);
      default -> NODES.textNode(text);
    };
  }

  private static JsonNode parse(String json) {
    try {
      return JSON.readTree(json);
    } catch (JsonProcessingException e) {
      return NODES.missingNode();
    }
  }

  private static Map<String, String> form(Optional<String> text) {
    Map<String, String> form = new LinkedHashMap<>();
    for (String pair :
        text.filter(t -> !t.isEmpty()).map(t -> t.split("&")).orElse(new String[0])) {
      String[] parts = pair.split("=", 2);
      form.put(decode(parts[0]), parts.length == 2 ? decode(parts[1]) : "");
    }
    return form;
  }

  private static String decode(String text) {
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }

  private static String type(String header) {
    return header.split(";", 2)[0].strip();
  }
}
