package dev.writ.keycloak;

import com.fasterxml.jackson.databind.JsonNode;
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

/** Our OpenAPI document, whose references are all its own. */
final class ApiDescription {
  private static final String BASE = "https://writ.invalid/openapi.json";

  private final JsonNode root;
  private final SchemaRegistry registry;
  private final List<Operation> operations = new ArrayList<>();
  private final Map<String, Schema> schemas = new ConcurrentHashMap<>();

  ApiDescription(String yaml) {
    root = WritApi.JSON.valueToTree(new Load(LoadSettings.builder().build()).loadFromString(yaml));
    registry = registry(root);
    root.path("paths")
        .properties()
        .forEach(path ->
            path.getValue().properties().stream()
                .filter(member -> !member.getKey().equals("parameters"))
                .forEach(member -> operations.add(operation(path.getKey(), member.getKey()))));
  }

  /** The one in the jar. */
  static ApiDescription ours() {
    try (InputStream file =
        ApiDescription.class.getResourceAsStream("/dev/writ/keycloak/admin/openapi.yaml")) {
      return new ApiDescription(
          new String(Objects.requireNonNull(file).readAllBytes(), StandardCharsets.UTF_8));
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
   * @param place of the operation, as a JSON pointer
   */
  record Operation(String method, String template, Pattern path, String place) {
    @Override
    public String toString() {
      return method + " " + template;
    }
  }

  private static Operation operation(String template, String member) {
    return new Operation(
        member.toUpperCase(Locale.ROOT),
        template,
        Pattern.compile(Pattern.quote(template).replaceAll("\\{[^}]*}", "\\\\E([^/]+)\\\\Q")),
        "/paths/" + escape(template) + "/" + member);
  }

  static String escape(String name) {
    return name.replace("~", "~0").replace("/", "~1");
  }

  List<Operation> operations() {
    return operations;
  }

  /** The operation of a request; a path without variables at the end wins over one with. */
  Optional<Operation> find(String method, String path) {
    return operations.stream()
        .filter(operation -> operation.method().equals(method))
        .filter(operation -> operation.path().matcher(path).matches())
        .min(
            Comparator.comparing(
                operation -> operation.template().chars().filter(c -> c == '{').count()));
  }

  /** Where a pointer leads to when references are followed. */
  String resolve(String pointer) {
    JsonNode reference = root.at(pointer).path("$ref");
    return reference.isTextual() ? resolve(reference.asText().substring(1)) : pointer;
  }

  /** What is wrong with a value by the schema at a pointer. */
  List<String> errors(String pointer, JsonNode value) {
    return schemas
        .computeIfAbsent(pointer, at -> registry.getSchema(SchemaLocation.of(BASE + "#" + at)))
        .validate(value)
        .stream()
        .map(Object::toString)
        .toList();
  }
}
