package dev.writ.keycloak.admin;

import dev.writ.document.Durations;
import dev.writ.policy.AwsGrant;
import dev.writ.policy.Bounds;
import dev.writ.policy.Level;
import dev.writ.policy.Vocabulary;
import java.util.LinkedHashMap;
import java.util.Map;

/** What an editor offers to choose from. */
final class Words {
  private Words() {}

  static Map<String, Object> of(Bounds bounds) {
    Map<String, Object> lifetime = new LinkedHashMap<>();
    lifetime.put("agent", Durations.print(bounds.agentLifetimeMax()));
    lifetime.put("credential", Durations.print(bounds.credentialLifetimeMax()));
    Map<String, Object> words = new LinkedHashMap<>();
    words.put(
        "github_permissions",
        Vocabulary.gitHubPermissions().stream().map(Words::permission).toList());
    words.put("aws_session_policy_characters", AwsGrant.SESSION_POLICY_LENGTH_MAX);
    words.put("bounds", Map.of("lifetime", lifetime));
    return words;
  }

  private static Map<String, Object> permission(Vocabulary.GitHubPermission permission) {
    Map<String, Object> shown = new LinkedHashMap<>();
    shown.put("name", permission.name());
    shown.put("levels", permission.levels().stream().map(Level::word).toList());
    shown.put("bounded_by_repositories", permission.boundedByRepositories());
    shown.put("description", permission.description());
    return shown;
  }
}
