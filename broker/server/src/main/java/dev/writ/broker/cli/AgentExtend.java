package dev.writ.broker.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code writ agent extend}. */
@Command(name = "extend", description = "Let an agent live longer, within its policy.")
final class AgentExtend extends WritSubcommand {
  @Parameters(
      paramLabel = "AGENT",
      converter = AgentId.Converter.class,
      description = "Its UUID or SPIFFE ID.")
  private Optional<AgentId> id = Optional.empty();

  @Option(
      names = "--ttl",
      required = true,
      paramLabel = "DURATION",
      description = "How long from now on, such as 4h.")
  private String ttl = "";

  AgentExtend(Surroundings surroundings) {
    super(surroundings);
  }

  @Override
  Exit run() {
    AgentId agent = id.orElseThrow();
    ObjectNode body = JsonNodeFactory.instance.objectNode().put("ttl", ttl);
    ObjectNode answer = LivingAgent.of(broker(), agent).post("/extend", body);
    String until = new Times(screen().zone()).at(Text.of(answer, "expires_at"));
    show(answer, List.of("The agent " + agent + " lives until " + until + "."));
    return Exit.DONE;
  }
}
