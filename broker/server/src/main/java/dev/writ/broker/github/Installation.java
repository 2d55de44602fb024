package dev.writ.broker.github;

import com.fasterxml.jackson.databind.JsonNode;
import dev.writ.policy.Permissions;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * An App in an account.
 *
 * @param permissions what its account has granted; those whose level is unknown here left out
 */
record Installation(long id, Permissions permissions) {

  /** What the answer says, if it is about this App in this account. */
  static Optional<Installation> of(JsonNode json, App app, String account) {
    JsonNode id = json.path("id");
    boolean fits =
        id.canConvertToLong()
            && id.isIntegralNumber()
            && id.asLong() > 0
            && json.path("app_id").asText().equals(app.id())
            && json.path("account").path("login").asText().equalsIgnoreCase(account);
    return fits
        ? Optional.of(new Installation(id.asLong(), known(json.path("permissions"))))
        : Optional.empty();
  }

  /** Those of its levels that are known here; empty if it is no object. */
  static Optional<Permissions> levels(JsonNode json) {
    return json.isObject() ? Optional.of(known(json)) : Optional.empty();
  }

  private static Permissions known(JsonNode json) {
    Map<String, String> words = new HashMap<>();
    json.properties()
        .forEach(entry -> {
          String level = entry.getValue().asText();
          if (Permissions.ofWords(Map.of(entry.getKey(), level)).isPresent()) {
            words.put(entry.getKey(), level);
          }
        });
    return Permissions.ofWords(words).orElseThrow();
  }
}
