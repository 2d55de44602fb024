package dev.writ.broker.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.writ.policy.Principal;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code writ owner hand-over}. */
@Command(
    name = "hand-over",
    description = {
      "Give an agent to another owner.",
      "Within the owning group it takes effect at once, with anybody else when they accept."
    })
final class OwnerHandOver extends WritSubcommand {
  @Parameters(
      index = "0",
      paramLabel = "AGENT",
      converter = AgentId.Converter.class,
      description = "Its UUID or SPIFFE ID.")
  private Optional<AgentId> id = Optional.empty();

  @Parameters(
      index = "1",
      paramLabel = "OWNER",
      converter = OwnerName.class,
      description = "user:NAME or group:NAME.")
  private Optional<Principal> owner = Optional.empty();

  OwnerHandOver(Surroundings surroundings) {
    super(surroundings);
  }

  @Override
  Exit run() {
    AgentId agent = id.orElseThrow();
    String next = owner.orElseThrow().toString();
    ObjectNode body = JsonNodeFactory.instance.objectNode().put("owner", next);
    ObjectNode answer = LivingAgent.of(broker(), agent).post("/owner", body);
    boolean taken = Text.of(answer, "owner").equals(next);
    show(
        answer,
        List.of(
            taken
                ? "The agent " + agent + " is " + Agents.owner(answer) + "'s now."
                : "The agent "
                    + agent
                    + " is offered to "
                    + next
                    + ". Until they accept, "
                    + Agents.owner(answer)
                    + " answers for it."));
    return Exit.DONE;
  }
}
