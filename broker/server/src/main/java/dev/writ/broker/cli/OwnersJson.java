package dev.writ.broker.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.writ.broker.owner.GroupDefinition;
import dev.writ.broker.owner.OwnersDefinition;
import dev.writ.broker.owner.Rotation;
import dev.writ.broker.owner.Substitution;

/** The JSON twin of {@code owners.yaml}. */
final class OwnersJson {
  private OwnersJson() {}

  static ObjectNode of(OwnersDefinition owners) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    ArrayNode users = json.putArray("users");
    owners.users().stream().sorted().forEach(users::add);
    ArrayNode groups = json.putArray("groups");
    owners.groups().forEach(group -> groups.add(group(group)));
    return json;
  }

  private static ObjectNode group(GroupDefinition group) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("name", group.name());
    ArrayNode members = json.putArray("members");
    group.members().forEach(members::add);
    Rotation rotation = group.rotation();
    json.putObject("rotation")
        .put("weeks", rotation.weeks())
        .put("handover", rotation.handover().toString())
        .put("from", rotation.from().toString());
    if (!group.overrides().isEmpty()) {
      ArrayNode overrides = json.putArray("overrides");
      group.overrides().forEach(override -> overrides.add(override(override)));
    }
    return json;
  }

  private static ObjectNode override(Substitution override) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("from", override.from().toString())
        .put("until", override.until().toString())
        .put("user", override.user());
  }
}
