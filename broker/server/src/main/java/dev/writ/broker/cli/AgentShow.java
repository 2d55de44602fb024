package dev.writ.broker.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code writ agent show}. */
@Command(name = "show", description = "Show one agent and what it holds.")
final class AgentShow extends WritSubcommand {
  @Parameters(
      paramLabel = "AGENT",
      converter = AgentId.Converter.class,
      description = "Its UUID or SPIFFE ID.")
  private Optional<AgentId> id = Optional.empty();

  AgentShow(Surroundings surroundings) {
    super(surroundings);
  }

  @Override
  Exit run() {
    ObjectNode agent = broker().get(id.orElseThrow().path(), Map.of());
    List<String> lines = new ArrayList<>();
    lines.add(screen().bold(Text.of(agent, "id")));
    lines.addAll(Agents.sheet(agent, new Times(screen().zone())));
    show(agent, lines);
    return Exit.DONE;
  }
}
