package dev.writ.keycloak.transfer;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.writ.document.Json;
import dev.writ.keycloak.broker.Certificates;
import dev.writ.keycloak.store.Counter;
import dev.writ.keycloak.store.Counters;
import dev.writ.keycloak.store.Edit;
import dev.writ.keycloak.store.PolicyStore;
import dev.writ.keycloak.store.Settings;
import dev.writ.keycloak.store.Version;
import dev.writ.policy.PolicyName;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.ModelValidationException;
import org.keycloak.models.RealmModel;

/**
 * All that Writ keeps of a realm.
 *
 * @param versions of all policies, by name, oldest first
 */
record Contents(long policies, long owners, Settings settings, List<Version> versions) {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final int FORMAT = 1;
  private static final int AUTHOR_MAX = 320;

  Contents {
    versions = List.copyOf(versions);
  }

  /** Of a realm; empty if nobody ever kept anything here. */
  static Optional<Contents> of(KeycloakSession session, RealmModel realm) {
    Counters counters = Counters.of(session, realm);
    Contents contents =
        new Contents(
            counters.reached(Counter.POLICIES),
            counters.reached(Counter.OWNERS),
            Settings.of(session, realm),
            PolicyStore.of(session, realm).everything());
    boolean isEmpty =
        contents.policies() == 0
            && contents.versions().isEmpty()
            && contents.settings().equals(Settings.DEFAULT);
    return isEmpty ? Optional.empty() : Optional.of(contents);
  }

  String json() {
    Map<String, List<Object>> byName = new LinkedHashMap<>();
    for (Version version : versions) {
      byName.computeIfAbsent(version.name(), name -> new ArrayList<>()).add(view(version));
    }
    List<Object> all = new ArrayList<>();
    byName.forEach((name, list) -> {
      Map<String, Object> policy = new LinkedHashMap<>();
      policy.put("name", name);
      policy.put("versions", list);
      all.add(policy);
    });
    Map<String, Object> counters = new LinkedHashMap<>();
    counters.put("policies", policies);
    counters.put("owners", owners);
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("format", FORMAT);
    json.put("counters", counters);
    json.put("settings", settings.view());
    json.put("policies", all);
    return Json.write(json);
  }

  private static Map<String, Object> view(Version version) {
    Map<String, Object> view = new LinkedHashMap<>();
    view.put("version", version.version());
    view.put("author", version.author());
    view.put("at", version.at().toString());
    view.put("comment", version.comment());
    view.put("deleted", version.deleted());
    version.restoredFrom().ifPresent(from -> view.put("restored_from", from));
    view.put("policy", new Json.Written(version.canonical()));
    return view;
  }

  /** What {@link #json} wrote, or somebody wrote like it. */
  static Contents read(String json) {
    JsonNode root = parse(json);
    if (root.path("format").asInt() != FORMAT) {
      throw wrong("format: expected " + FORMAT);
    }
    List<Version> versions = new ArrayList<>();
    for (JsonNode policy : root.path("policies")) {
      String name = policy.path("name").asText();
      if (PolicyName.of(name).isEmpty()) {
        throw wrong("a policy has no name that Writ knows");
      }
      int last = 0;
      for (JsonNode one : policy.path("versions")) {
        Version version = version(name, one);
        if (version.version() <= last) {
          throw wrong(name + ": the versions do not grow");
        }
        last = version.version();
        versions.add(version);
      }
    }
    Settings settings = Settings.of(root.path("settings"));
    settings
        .brokerUrl()
        .flatMap(Settings::complaint)
        .ifPresent(complaint -> {
          throw wrong("the broker's URL: " + complaint);
        });
    if (settings.brokerCa().filter(ca -> !Certificates.isSound(ca)).isPresent()) {
      throw wrong("the broker's authorities are no certificates in PEM");
    }
    return new Contents(
        root.path("counters").path("policies").asLong(),
        root.path("counters").path("owners").asLong(),
        settings,
        versions);
  }

  private static JsonNode parse(String json) {
    try {
      return MAPPER.readTree(json);
    } catch (JsonProcessingException e) {
      throw wrong("not JSON");
    }
  }

  private static Version version(String name, JsonNode one) {
    String author = one.path("author").asText();
    String comment = one.path("comment").asText();
    if (author.length() > AUTHOR_MAX || comment.length() > Edit.COMMENT_MAX) {
      throw wrong(name + ": an author or a comment is too long");
    }
    try {
      return new Version(
          name,
          one.path("version").asInt(),
          one.path("policy").toString(),
          author,
          Instant.parse(one.path("at").asText()),
          comment,
          one.path("deleted").asBoolean(),
          one.has("restored_from")
              ? OptionalInt.of(one.path("restored_from").asInt())
              : OptionalInt.empty());
    } catch (DateTimeException e) {
      throw wrong(name + ": a version has no time");
    }
  }

  /** Into the tables of a new realm. Its number is one more than it was: an import is a change. */
  void into(KeycloakSession session, RealmModel realm) {
    PolicyStore store = PolicyStore.of(session, realm);
    String unsound = store.take(versions);
    if (!unsound.isEmpty()) {
      throw wrong(unsound);
    }
    settings.save(session, realm);
    Counters counters = Counters.of(session, realm);
    counters.atLeast(Counter.POLICIES, policies + 1);
    counters.atLeast(Counter.OWNERS, owners + 1);
  }

  private static ModelValidationException wrong(String what) {
    return new ModelValidationException(
        "The attribute " + Luggage.ATTRIBUTE + " cannot be taken: " + what);
  }
}
