package dev.writ.broker.keycloak;

import com.fasterxml.jackson.databind.JsonNode;
import dev.writ.broker.authority.RealmPolicies;
import dev.writ.broker.authority.RealmPolicies.Deleted;
import dev.writ.broker.authority.RealmPolicies.Saved;
import dev.writ.document.Parsed;
import dev.writ.policy.Bounds;
import dev.writ.policy.Policy;
import dev.writ.policy.PolicyName;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Reads a realm's set of policies. One that this broker cannot read spoils none of the others. What
 * was read the last time is not read again: of thousands of policies few change at once.
 */
final class PolicySetReader {
  private static final int POLICIES_MAX = 10_000;

  private final String realm;
  private final Bounds bounds;
  private Map<String, Understood> before = Map.of();

  private record Understood(JsonNode text, Parsed<Policy> policy) {}

  /**
   * @param realm its URL
   */
  PolicySetReader(String realm, Bounds bounds) {
    this.realm = realm;
    this.bounds = bounds;
  }

  /**
   * @param broken policies that cannot be read, and why
   */
  record Read(RealmPolicies set, Map<String, String> broken) {}

  /**
   * @throws UnreadableException if it is no set of policies
   */
  Read read(byte[] body) throws UnreadableException {
    JsonNode root = RealmJson.object(body, realm);
    Map<String, Understood> understood = new HashMap<>();
    Map<String, String> broken = new TreeMap<>();
    List<Saved> saved = new ArrayList<>();
    for (JsonNode one : RealmJson.list(root, "policies", POLICIES_MAX)) {
      saved.add(saved(one, understood, broken));
    }
    List<Deleted> deleted = new ArrayList<>();
    for (JsonNode one : RealmJson.list(root, "deleted", Integer.MAX_VALUE)) {
      deleted.add(new Deleted(name(one), author(one), comment(one)));
    }
    refuseTwice(saved, deleted);
    before = understood;
    return new Read(new RealmPolicies(RealmJson.version(root), saved, deleted), broken);
  }

  private Saved saved(JsonNode one, Map<String, Understood> understood, Map<String, String> broken)
      throws UnreadableException {
    String name = name(one);
    Parsed<Policy> policy = policy(name, one.path("policy"), understood);
    Optional<Policy> sound =
        switch (policy) {
          case Parsed.Valid<Policy>(Policy valid) when valid.name().value().equals(name) ->
              Optional.of(valid);
          case Parsed.Valid<Policy>(Policy other) -> {
            broken.put(name, "it calls itself " + other.name());
            yield Optional.empty();
          }
          case Parsed.Invalid<Policy> invalid -> {
            broken.put(name, invalid.report());
            yield Optional.empty();
          }
        };
    return new Saved(
        name,
        RealmJson.number(one, "version"),
        author(one),
        comment(one),
        RealmJson.text(one, "at", 64),
        sound);
  }

  private Parsed<Policy> policy(String name, JsonNode text, Map<String, Understood> understood) {
    Understood known = before.get(name);
    Understood now =
        known != null && known.text().equals(text)
            ? known
            : new Understood(text, Policy.json(text.toString(), bounds));
    understood.put(name, now);
    return now.policy();
  }

  private static String name(JsonNode one) throws UnreadableException {
    String name = one.path("name").asText("");
    if (PolicyName.of(name).isEmpty()) {
      throw new UnreadableException("one of its policies has no name that Writ knows");
    }
    return name;
  }

  private static String author(JsonNode one) {
    return RealmJson.text(one, "author", 255);
  }

  private static String comment(JsonNode one) {
    return RealmJson.text(one, "comment", 1_000);
  }

  private static void refuseTwice(List<Saved> saved, List<Deleted> deleted)
      throws UnreadableException {
    Set<String> names = new HashSet<>();
    for (Saved one : saved) {
      if (!names.add(one.name())) {
        throw new UnreadableException("the policy " + one.name() + " is there twice");
      }
    }
    for (Deleted one : deleted) {
      if (!names.add(one.name())) {
        throw new UnreadableException("the policy " + one.name() + " is there, and deleted");
      }
    }
  }
}
