package dev.writ.broker.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.writ.policy.Policy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code writ policy show}. */
@Command(name = "show", description = "List the broker's policies, or show one of them.")
final class PolicyShow extends WritSubcommand {
  @Parameters(
      arity = "0..1",
      paramLabel = "NAME[@VERSION]",
      converter = PolicyRef.Converter.class,
      description = "Which; the list of all unless given.")
  private Optional<PolicyRef> name = Optional.empty();

  PolicyShow(Surroundings surroundings) {
    super(surroundings);
  }

  @Override
  Exit run() {
    if (name.isPresent()) {
      ObjectNode answer = name.get().ask(broker());
      show(answer, one(new PublishedPolicy(answer)));
    } else {
      ObjectNode answer = broker().get("/v1/policies", Map.of());
      show(answer, all(answer.path("policies")));
    }
    return Exit.DONE;
  }

  private List<String> all(JsonNode policies) {
    if (policies.isEmpty()) {
      return List.of("No policies.");
    }
    Table table = new Table("policy", "state", "flags", "description");
    for (JsonNode policy : policies) {
      table.row(
          Text.of(policy, "name") + "@" + Text.of(policy, "version"),
          policy.path("withdrawn").asBoolean() ? "withdrawn" : "",
          flags(policy.path("flags")),
          Text.of(policy, "description"));
    }
    return table.lines();
  }

  private static String flags(JsonNode flags) {
    int dangers = 0;
    for (JsonNode flag : flags) {
      dangers += Text.of(flag, "severity").equalsIgnoreCase("danger") ? 1 : 0;
    }
    return dangers == 0 ? "" : "DANGER: " + dangers;
  }

  private List<String> one(PublishedPolicy published) {
    List<String> lines = new ArrayList<>();
    JsonNode json = published.json();
    lines.add(screen().bold(published.label()) + (published.withdrawn() ? ", now withdrawn" : ""));
    Sheet sheet = new Sheet();
    sheet.add("author", Text.of(json, "author"));
    sheet.add("comment", Text.of(json, "comment"));
    String at = Text.of(json, "at");
    sheet.add("since", at.isEmpty() ? "" : new Times(screen().zone()).at(at));
    lines.addAll(sheet.lines());
    PolicyFlags.lines(json.path("flags"), screen()).forEach(line -> lines.add("  " + line));
    lines.add("");
    lines.addAll(
        published
            .policy()
            .map(Policy::toYaml)
            .orElseGet(() -> json.path("policy").toPrettyString())
            .lines()
            .map(Text::safe)
            .toList());
    return lines;
  }
}
