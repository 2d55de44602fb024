package dev.writ.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.writ.document.Document;
import dev.writ.document.Fields;
import dev.writ.document.Limits;
import dev.writ.document.Value;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class KnownPermissionsTest {

  @Test
  void are_those_of_githubs_published_description() throws IOException {
    Map<String, List<String>> published = published();
    assertEquals(55, published.size());
    Map<String, List<String>> known = new TreeMap<>();
    for (String name : KnownPermissions.names()) {
      known.put(
          name,
          KnownPermissions.find(name).orElseThrow().levels().stream().map(Level::word).toList());
    }
    assertEquals(published, known);
  }

  @Test
  void those_of_organisations_users_and_enterprises_are_not_bounded_by_repositories() {
    List<String> unbounded = new ArrayList<>();
    for (String name : KnownPermissions.names()) {
      if (!KnownPermissions.find(name).orElseThrow().boundedByRepositories()) {
        unbounded.add(name);
      }
    }
    assertTrue(
        unbounded.containsAll(
            List.of(
                "members",
                "organization_secrets",
                "custom_properties_for_organizations",
                "enterprise_custom_properties_for_organizations",
                "git_ssh_keys")));
    assertEquals(27, unbounded.size());
    assertTrue(KnownPermissions.find("contents").orElseThrow().boundedByRepositories());
  }

  @Test
  void each_is_offered_with_its_levels_and_what_it_is_about() {
    for (Vocabulary.GitHubPermission one : Vocabulary.gitHubPermissions()) {
      assertTrue(one.description().length() > 10, one.name());
      assertTrue(!one.levels().isEmpty(), one.name());
    }
    assertEquals(55, Vocabulary.gitHubPermissions().size());
  }

  private static Map<String, List<String>> published() throws IOException {
    try (InputStream json =
        KnownPermissionsTest.class.getResourceAsStream("github-app-permissions.openapi.json")) {
      return Document.json(Objects.requireNonNull(json).readAllBytes(), Limits.FILE)
          .read(KnownPermissionsTest::permissions)
          .orElseThrow();
    }
  }

  private static Optional<Map<String, List<String>>> permissions(Value root) {
    Fields fields = root.fields("x-source", "openapi", "components");
    Fields schemas = fields.required("components").fields("schemas");
    Value schema =
        schemas.required("schemas").fields("app-permissions").required("app-permissions");
    Map<String, List<String>> levels = new TreeMap<>();
    Objects.requireNonNull(schema.entries(20).get("properties"))
        .entries(200)
        .forEach((name, property) ->
            levels.put(
                name,
                Objects.requireNonNull(property.entries(20).get("enum")).items(9).stream()
                    .map(level -> level.string(9).orElseThrow())
                    .toList()));
    return Optional.of(levels);
  }
}
