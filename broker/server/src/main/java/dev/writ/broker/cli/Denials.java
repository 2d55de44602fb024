package dev.writ.broker.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/** A refusal by policy, for people. */
final class Denials {
  private Denials() {}

  /**
   * @param denial with {@code requested}, {@code allowed}, {@code rule}, {@code policy} and {@code
   *     hint}
   */
  static List<String> lines(JsonNode denial) {
    List<String> lines = new ArrayList<>();
    add(lines, "asked for:  ", Grants.texts(denial.path("requested")));
    add(lines, "allowed:    ", Grants.texts(denial.path("allowed")));
    String policy = Text.of(denial, "policy");
    String rule = Text.of(denial, "rule");
    lines.add("rule:       " + rule + (policy.isEmpty() ? "" : " of policy " + policy));
    lines.add("what to do: " + Text.of(denial, "hint"));
    return lines;
  }

  private static void add(List<String> lines, String label, List<String> texts) {
    for (String text : texts) {
      lines.add(label + text);
    }
  }
}
