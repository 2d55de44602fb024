package dev.writ.broker.wire;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.dialect.Dialect;
import com.networknt.schema.dialect.Dialects;
import com.networknt.schema.keyword.Keyword;
import com.networknt.schema.keyword.NonValidationKeyword;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** An OpenAPI 3.1 document whose references are all its own. */
final class ApiDescription {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String BASE = "https://writ.invalid/openapi.json";

  /** The one that is in the broker's resources. */
  static final ApiDescription OURS = of(resource("/dev/writ/broker/api/openapi.yaml"));

  private final JsonNode root;
  private final List<Operation> operations;
  private final SchemaRegistry registry;
  private final Map<String, Schema> schemas = new ConcurrentHashMap<>();

  private ApiDescription(JsonNode root) {
    this.root = root;
    this.registry = registry(root);
    this.operations = read(root);
  }

  static ApiDescription of(String yaml) {
    return new ApiDescription(
        JSON.valueToTree(new Load(LoadSettings.builder().build()).loadFromString(yaml)));
  }

  static String resource(String path) {
    try (InputStream file = ApiDescription.class.getResourceAsStream(path)) {
      return new String(Objects.requireNonNull(file, path).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Schema objects are those of JSON Schema 2020-12, somewhere in a document that is none. */
  private static SchemaRegistry registry(JsonNode root) {
    List<Keyword> members = new ArrayList<>();
    root.fieldNames().forEachRemaining(name -> members.add(new NonValidationKeyword(name)));
    Dialect blueprint = Dialects.getDraft202012();
    Dialect dialect = Dialect.builder(blueprint.getId(), blueprint).keywords(members).build();
    return SchemaRegistry.withDialect(
        dialect,
        builder ->
            builder
                .schemas(Map.of(BASE, root.toString()))
                .schemaRegistryConfig(
                    SchemaRegistryConfig.builder().formatAssertionsEnabled(true).build()));
  }

  JsonNode root() {
    return root;
  }

  /**
   * An operation.
   *
   * @param template of the path
   * @param path with one group per variable of the template
   */
  record Operation(String method, String template, Pattern path, Place place) {
    Place response(int status) {
      Place responses = place.at("responses");
      Place own = responses.at(String.valueOf(status));
      return own.exists() ? own : responses.at("default");
    }

    @Override
    public String toString() {
      return method + " " + template;
    }
  }

  List<Operation> operations() {
    return operations;
  }

  private List<Operation> read(JsonNode root) {
    List<Operation> all = new ArrayList<>();
    for (String path : names(root.path("paths"))) {
      for (String member : names(root.path("paths").path(path))) {
        if (!member.equals("parameters")) {
          String method = member.toUpperCase(Locale.ROOT);
          all.add(new Operation(method, path, matcher(path), place("paths", path, member)));
        }
      }
    }
    return List.copyOf(all);
  }

  private static List<String> names(JsonNode object) {
    List<String> names = new ArrayList<>();
    object.fieldNames().forEachRemaining(names::add);
    return names;
  }

  /** The operation of a request; a path without variables wins over one with. */
  Optional<Operation> operation(String method, String path) {
    return operations().stream()
        .filter(operation -> operation.method().equals(method))
        .filter(operation -> operation.path().matcher(path).matches())
        .min(Comparator.comparing(operation -> operation.template().contains("{")));
  }

  private static Pattern matcher(String template) {
    return Pattern.compile(Pattern.quote(template).replaceAll("\\{[^}]*}", "\\\\E([^/]+)\\\\Q"));
  }

  Place place(String... names) {
    Place place = new Place(JsonPointer.empty());
    for (String name : names) {
      place = place.at(name);
    }
    return place;
  }

  /** A node of the document; references on the way to it are followed. */
  final class Place {
    private final JsonPointer pointer;

    private Place(JsonPointer pointer) {
      JsonNode reference = root.at(pointer).path("$ref");
      this.pointer =
          reference.isTextual() ? JsonPointer.compile(reference.asText().substring(1)) : pointer;
    }

    Place at(String name) {
      return new Place(pointer.appendProperty(name));
    }

    /** Of the members of an object. */
    List<String> names() {
      return ApiDescription.names(node());
    }

    /** All members of an object. */
    List<Place> members() {
      return names().stream().map(this::at).toList();
    }

    /** All items of a list. */
    List<Place> items() {
      List<Place> items = new ArrayList<>();
      for (int i = 0; i < node().size(); i++) {
        items.add(new Place(pointer.appendIndex(i)));
      }
      return items;
    }

    JsonNode node() {
      return root.at(pointer);
    }

    boolean exists() {
      return !node().isMissingNode();
    }

    /** What is wrong with a value by the schema that is this place's member {@code schema}. */
    List<String> errors(JsonNode value) {
      return schemas
          .computeIfAbsent(
              pointer.appendProperty("schema").toString(),
              at -> registry.getSchema(SchemaLocation.of(BASE + "#" + at)))
          .validate(value)
          .stream()
          .map(Object::toString)
          .toList();
    }

    @Override
    public String toString() {
      return pointer.toString();
    }
  }
}
