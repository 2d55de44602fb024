package dev.writ.keycloak.admin;

import com.fasterxml.jackson.databind.JsonNode;
import dev.writ.keycloak.http.Body;
import dev.writ.policy.Bounds;
import dev.writ.policy.Examined;
import dev.writ.policy.Policy;
import java.util.Optional;

/** Policies as requests and the database have them. */
final class Documents {
  /** Of YAML in a request, in characters: what the language reads at most. */
  private static final int YAML_MAX = 8 * 1024 * 1024;

  private Documents() {}

  /** What stands in {@code policy} or {@code yaml}; that there is not exactly one is a problem. */
  static Optional<Examined> sent(Body body, Bounds bounds) {
    Optional<JsonNode> json = body.node("policy");
    Optional<String> yaml = body.text("yaml", YAML_MAX);
    if (json.isPresent() == yaml.isPresent()) {
      if (body.isSound()) {
        body.problem("", "expected exactly one of policy (JSON) and yaml (text)");
      }
      return Optional.empty();
    }
    return yaml.map(text -> Policy.examineYaml(text, bounds))
        .or(() -> json.map(node -> Policy.examineJson(node.toString(), bounds)));
  }
}
