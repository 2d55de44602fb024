package dev.writ.broker.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code writ agent kill}. */
@Command(
    name = "kill",
    description =
        "End an agent: it and its descendants get nothing any more, and its writs are revoked.")
final class AgentKill extends WritSubcommand {
  @Parameters(
      paramLabel = "AGENT",
      converter = AgentId.Converter.class,
      description = "Its UUID or SPIFFE ID.")
  private Optional<AgentId> id = Optional.empty();

  @Option(names = "--reason", paramLabel = "TEXT", description = "Why; the agent is told.")
  private Optional<String> reason = Optional.empty();

  @Option(names = "--tree", description = "Kill its descendants too and revoke their writs.")
  private boolean tree;

  AgentKill(Surroundings surroundings) {
    super(surroundings);
  }

  @Override
  Exit run() {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    reason.ifPresent(text -> body.put("reason", text));
    if (tree) {
      body.put("tree", true);
    }
    AgentId agent = id.orElseThrow();
    ObjectNode answer = broker().post(agent.path() + "/kill", body);
    JsonNode results = answer.path("results");
    show(answer, lines(agent, results));
    return unknown(results) == 0 ? Exit.DONE : Exit.TARGET_FAILED;
  }

  private List<String> lines(AgentId agent, JsonNode results) {
    List<String> lines = new ArrayList<>();
    lines.add(
        tree
            ? "Killed "
                + agent
                + " and its descendants. Every request of theirs is refused from now on."
            : "Killed " + agent + ". Its requests, and its descendants', are refused from now on.");
    if (results.isEmpty()) {
      lines.add("No writ was live.");
      return lines;
    }
    Table table = new Table("writ", "result", "when", "note");
    Times times = new Times(screen().zone());
    for (JsonNode result : results) {
      String at = first(result, "dies_at", "at", "expires_at");
      table.row(
          Text.of(result, "writ"),
          Text.of(result, "result"),
          at.isEmpty() ? "" : times.utc(at),
          first(result, "why", "answer", "detail", "note"));
    }
    lines.addAll(table.lines());
    int unknown = unknown(results);
    if (unknown > 0) {
      lines.add(
          screen().red(unknown + " not confirmed by the target; the broker goes on asking. See")
              + " `writ agent show "
              + agent
              + "`.");
    }
    return lines;
  }

  private static String first(JsonNode object, String... members) {
    for (String member : members) {
      if (!Text.of(object, member).isEmpty()) {
        return Text.of(object, member);
      }
    }
    return "";
  }

  private static int unknown(JsonNode results) {
    int unknown = 0;
    for (JsonNode result : results) {
      unknown += Text.of(result, "result").equals("unknown") ? 1 : 0;
    }
    return unknown;
  }
}
