package dev.writ.broker.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** An agent below its ancestors, the eldest first. */
final class LineageTree {
  private final JsonNode writ;
  private final String branch;

  LineageTree(JsonNode writ, boolean unicode) {
    this.writ = writ;
    this.branch = unicode ? "\u2514\u2500 " : "`- ";
  }

  /** None for an agent that nobody but its launcher stands above. */
  List<String> lines() {
    List<String> names = new ArrayList<>();
    writ.path("lineage").forEach(ancestor -> names.add(name(ancestor)));
    if (names.isEmpty()) {
      return List.of();
    }
    Collections.reverse(names);
    names.add(Text.of(writ, "agent") + "  (held it)");
    List<String> lines = new ArrayList<>();
    for (int depth = 0; depth < names.size(); depth++) {
      String indent = depth == 0 ? "" : "   ".repeat(depth - 1) + branch;
      lines.add("  " + indent + names.get(depth));
    }
    return lines;
  }

  /** An ancestor is its id, or an object that says more. */
  private static String name(JsonNode ancestor) {
    if (!ancestor.isObject()) {
      return Text.safe(ancestor.asText());
    }
    String id = Text.of(ancestor, ancestor.has("agent") ? "agent" : "id");
    String policy = Text.of(ancestor, "policy");
    return id + (policy.isEmpty() ? "" : "  " + policy);
  }
}
