package dev.writ.broker.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

class ConfigSchemaTest {
  @Test
  void publishes_a_schema_with_exactly_the_keys_that_are_read() throws Exception {
    String everyOther =
        """
        policies: { directory: p }
        owners: { keycloak: { realm-url: x, client-id: x, key: x, ca: x }, replaces: x }
        platforms: [ { ca: x } ]
        vault:
          login:
            kubernetes: { role: x, token-file: x, mount: x }
            jwt: { role: x, token-file: x, mount: x }
            identity: { role: x, audience: x, mount: x }
        keys:
          rotate: { token: x, sts: x, root: x, envelope: x, checkpoint: x, operator-token: x }
        """;
    SortedSet<String> documented = new TreeSet<>();
    for (String yaml : List.of(ConfigReaderTest.WHOLE, everyOther)) {
      keys("", new Load(LoadSettings.builder().build()).loadFromString(yaml), documented);
    }
    SortedSet<String> inSchema = new TreeSet<>();
    schemaKeys("", new ObjectMapper().readTree(ConfigSchema.json()), inSchema);
    documented.remove("launchers.clients.orchestrator");

    assertEquals(documented, inSchema);
  }

  private static void keys(String path, Object value, SortedSet<String> found) {
    if (value instanceof Map<?, ?> map) {
      map.forEach((key, below) -> {
        found.add(path + key);
        keys(path + key + ".", below, found);
      });
    } else if (value instanceof List<?> list) {
      list.forEach(item -> keys(path, item, found));
    }
  }

  private static void schemaKeys(String path, JsonNode schema, SortedSet<String> found) {
    schema
        .path("properties")
        .properties()
        .forEach(property -> {
          found.add(path + property.getKey());
          schemaKeys(path + property.getKey() + ".", property.getValue(), found);
          schemaKeys(path + property.getKey() + ".", property.getValue().path("items"), found);
        });
  }
}
