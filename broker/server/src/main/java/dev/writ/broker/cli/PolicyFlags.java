package dev.writ.broker.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.writ.policy.Flag;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What whoever looks at a policy should see; dangers in red. */
final class PolicyFlags {
  private PolicyFlags() {}

  static List<String> lines(List<Flag> flags, Screen screen) {
    return lines(json(flags), screen);
  }

  /**
   * @param flags objects with {@code severity}, {@code grant} and {@code message}
   */
  static List<String> lines(JsonNode flags, Screen screen) {
    List<String> lines = new ArrayList<>();
    for (JsonNode flag : flags) {
      String severity = Text.of(flag, "severity").toLowerCase(Locale.ROOT);
      boolean danger = severity.equals("danger");
      String line =
          (danger ? "DANGER" : severity)
              + "  "
              + Text.of(flag, "grant")
              + ": "
              + Text.of(flag, "message");
      lines.add(danger ? screen.red(line) : line);
    }
    return lines;
  }

  static ArrayNode json(List<Flag> flags) {
    ArrayNode json = JsonNodeFactory.instance.arrayNode();
    for (Flag flag : flags) {
      json.addObject()
          .put("severity", flag.severity().name().toLowerCase(Locale.ROOT))
          .put("grant", flag.grant())
          .put("message", flag.message());
    }
    return json;
  }
}
