package dev.writ.broker.keycloak;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.writ.broker.owner.OwnersDefinition;
import dev.writ.broker.owner.OwnersReader;
import dev.writ.document.Parsed;
import dev.writ.document.Problem;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A realm's users and groups. A group that cannot be read spoils nothing else: what the others say,
 * and above all who is disabled, has to count.
 *
 * @param broken groups of which something or everything cannot be read, and why
 * @param unnamed users who are left out, and why
 */
record OwnersDocument(
    long version,
    OwnersDefinition definition,
    Map<String, String> broken,
    Map<String, String> unnamed) {
  private static final int USERS_MAX = 100_000;
  private static final int GROUPS_MAX = 10_000;

  /** JSON Pointer of something in a group. */
  private static final Pattern IN_GROUP = Pattern.compile("/groups/([0-9]{1,5})(/.*)?");

  /**
   * @param realm its URL
   * @throws UnreadableException if it is no document of owners, or its users cannot be read
   */
  static OwnersDocument read(byte[] body, String realm) throws UnreadableException {
    JsonNode root = RealmJson.object(body, realm);
    long version = RealmJson.version(root);
    ObjectNode owners = JsonNodeFactory.instance.objectNode();
    owners.set("users", RealmJson.list(root, "users", USERS_MAX));
    owners.set("groups", RealmJson.list(root, "groups", GROUPS_MAX));
    Map<String, String> broken = new TreeMap<>();
    Map<String, String> unnamed = new TreeMap<>();
    for (JsonNode problem : root.path("problems")) {
      String why = RealmJson.text(problem, "problem", 1_000);
      if (problem.has("user")) {
        unnamed.put(RealmJson.text(problem, "user", 255), why);
      } else {
        broken.merge(
            RealmJson.text(problem, "group", 255), why, (one, other) -> one + "; " + other);
      }
    }
    return new OwnersDocument(version, sound(owners, broken), broken, unnamed);
  }

  /** Broken groups that the document says nothing sound of: they stay as they were. */
  Set<String> kept() {
    Set<String> kept = new TreeSet<>(broken.keySet());
    definition.groups().forEach(group -> kept.remove(group.name()));
    return kept;
  }

  private static OwnersDefinition sound(ObjectNode owners, Map<String, String> broken)
      throws UnreadableException {
    Parsed<OwnersDefinition> first = OwnersReader.json(owners.toString());
    if (first instanceof Parsed.Valid<OwnersDefinition>(OwnersDefinition definition)) {
      return definition;
    }
    ArrayNode rest = JsonNodeFactory.instance.arrayNode();
    Set<Integer> bad = badGroups(first, owners.path("groups"), broken);
    for (int i = 0; i < owners.path("groups").size(); i++) {
      if (!bad.contains(i)) {
        rest.add(owners.path("groups").get(i));
      }
    }
    owners.set("groups", rest);
    return switch (OwnersReader.json(owners.toString())) {
      case Parsed.Valid<OwnersDefinition>(OwnersDefinition definition) -> definition;
      case Parsed.Invalid<OwnersDefinition> invalid ->
          throw new UnreadableException(invalid.report());
    };
  }

  private static Set<Integer> badGroups(
      Parsed<OwnersDefinition> parsed, JsonNode groups, Map<String, String> broken)
      throws UnreadableException {
    Set<Integer> bad = new TreeSet<>();
    for (Problem problem : parsed.problems()) {
      Matcher place = IN_GROUP.matcher(problem.place());
      if (!place.matches()) {
        throw new UnreadableException(problem.toString());
      }
      int index = Integer.parseInt(place.group(1));
      bad.add(index);
      broken.put(RealmJson.text(groups.path(index), "name", 255), problem.toString());
    }
    return bad;
  }
}
