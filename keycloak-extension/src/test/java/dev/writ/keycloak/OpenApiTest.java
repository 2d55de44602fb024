package dev.writ.keycloak;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.writ.fixtures.keycloak.KeycloakRealm;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Every answer in every test is checked; here every operation is used once. */
class OpenApiTest {
  @RegisterExtension static final TestKeycloak KEYCLOAK = TestKeycloak.onPostgres();

  @Test
  void the_description_that_is_served_is_sound_and_refers_to_nothing_that_is_missing() {
    WritApi api = WritApi.of(KEYCLOAK.realm());
    ApiDescription served = new ApiDescription(api.get("openapi.yaml").expect(200).body());
    assertEquals("3.1.0", served.root().path("openapi").asText());
    List<String> references = new ArrayList<>();
    collect(served.root(), references);
    assertEquals(
        List.of(),
        references.stream()
            .filter(ref -> served.root().at(ref.substring(1)).isMissingNode())
            .toList());
  }

  private static void collect(JsonNode node, List<String> references) {
    if (node.path("$ref").isTextual()) {
      references.add(node.path("$ref").asText());
    }
    node.forEach(child -> collect(child, references));
  }

  @Test
  void every_operation_that_needs_no_broker_answers_as_described() {
    KeycloakRealm realm = KEYCLOAK.realm();
    WritApi api = WritApi.of(realm);
    ObjectNode yaml = WritApi.object().put("yaml", Policies.operator());
    api.save("operator", 0, "", Policies.operator()).expect(201);
    api.get("policies?search=operator&first=0&max=10&deleted=false").expect(200);
    api.get("policies/operator").expect(200);
    api.get("policies/operator/versions?first=0&max=5").expect(200);
    api.get("policies/operator/versions/1").expect(200);
    api.get("policies/operator/compare?from=1&to=1").expect(200);
    api.post("policies/check", yaml).expect(200);
    api.post("policies/operator/impact", yaml).expect(200);
    ObjectNode preview = yaml.deepCopy();
    preview.putObject("request").put("type", "aws").put("role", Policies.ROLE);
    api.post("policies/preview", preview).expect(200);
    api.restore("operator", 1, 1).expect(200);
    api.delete("operator", 1).expect(204);
    api.get("openapi.yaml").expect(200);
    api.get("suggestions?kind=group&search=a&max=1").expect(200);
    api.get("vocabulary").expect(200);
    api.get("settings").expect(200);
    api.send("PUT", "settings", "{\"broker\":{},\"console_theme\":false}").expect(200);
    String reader = realm.user("reader").manages("view-realm", "view-users").token();
    for (String what : List.of("policies", "owners")) {
      realm
          .admin()
          .send(
              "GET",
              "/realms/" + realm.name() + "/writ/source/" + what,
              Map.of("Authorization", "Bearer " + reader),
              "")
          .expect(200);
    }

    Set<String> unseen = new TreeSet<>();
    ApiDescription.ours().operations().forEach(operation -> unseen.add(operation.toString()));
    unseen.removeAll(ApiCheck.OURS.seen());
    unseen.removeIf(operation -> operation.contains("/writ/agents"));
    assertEquals(Set.of(), unseen);
  }
}
