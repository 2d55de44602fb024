package dev.writ.broker.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code writ agent ls}. */
@Command(name = "ls", description = "List the agents that you may see.")
final class AgentLs extends WritSubcommand {
  /** Pages, of however many agents the broker puts on one, that are followed at most. */
  private static final int PAGES_MAX = 1_000;

  private static final int TASK_LENGTH_MAX = 40;

  @Option(names = "--owner", paramLabel = "OWNER", description = "Only those of this owner.")
  private Optional<String> owner = Optional.empty();

  @Option(names = "--policy", paramLabel = "NAME", description = "Only those under this policy.")
  private Optional<String> policy = Optional.empty();

  @Option(
      names = "--state",
      paramLabel = "STATE",
      description = "Only those that are live, expired or killed.")
  private Optional<String> state = Optional.empty();

  @Option(
      names = "--parent",
      paramLabel = "AGENT",
      converter = AgentId.Converter.class,
      description = "Only this agent's children.")
  private Optional<AgentId> parent = Optional.empty();

  @Option(names = "--role", paramLabel = "NAME", description = "Only those with this role.")
  private Optional<String> role = Optional.empty();

  @Option(names = "--label", paramLabel = "KEY=VALUE", description = "Only those with this label.")
  private Optional<String> label = Optional.empty();

  @Option(names = "--limit", paramLabel = "N", description = "At most so many; all unless given.")
  private Optional<Integer> limit = Optional.empty();

  AgentLs(Surroundings surroundings) {
    super(surroundings);
  }

  @Override
  Exit run() {
    if (limit.filter(count -> count < 1).isPresent()) {
      throw new Failure(Exit.USAGE, "--limit: expected a number of at least 1.");
    }
    ArrayNode agents = all();
    ObjectNode result = JsonNodeFactory.instance.objectNode();
    result.set("agents", agents);
    show(result, lines(agents));
    return Exit.DONE;
  }

  private ArrayNode all() {
    ArrayNode agents = JsonNodeFactory.instance.arrayNode();
    BrokerClient broker = broker();
    Map<String, String> query = query();
    int wanted = limit.orElse(Integer.MAX_VALUE);
    for (int page = 0; page < PAGES_MAX; page++) {
      ObjectNode answer = broker.get("/v1/agents", query);
      answer
          .path("agents")
          .forEach(agent -> {
            if (agents.size() < wanted) {
              agents.add(agent);
            }
          });
      String next = answer.path("next").asText("");
      if (next.isEmpty() || next.equals("null") || agents.size() >= wanted) {
        return agents;
      }
      query.put("cursor", next);
    }
    throw new Failure(Exit.FAILED, "There are too many agents to list. Name a filter.");
  }

  private Map<String, String> query() {
    Map<String, String> query = new LinkedHashMap<>();
    owner.ifPresent(value -> query.put("owner", value));
    policy.ifPresent(value -> query.put("policy", value));
    state.ifPresent(value -> query.put("state", value));
    parent.ifPresent(value -> query.put("parent", value.uuid()));
    role.ifPresent(value -> query.put("role", value));
    label.ifPresent(value -> query.put("label", value));
    return query;
  }

  private List<String> lines(ArrayNode agents) {
    if (agents.isEmpty()) {
      return List.of("No agents.");
    }
    Times times = new Times(screen().zone());
    Table table =
        new Table(
            "agent", "state", "policy", "owner", "on duty", "until", "role", "labels", "task");
    for (JsonNode agent : agents) {
      table.row(
          Text.of(agent, "id"),
          Text.of(agent, "state"),
          Text.of(agent, "policy"),
          Text.of(agent, "owner"),
          Text.of(agent, "accountable"),
          times.utc(Text.of(agent, "expires_at")),
          Text.of(agent, "role"),
          Agents.labels(agent),
          Text.cut(Text.of(agent, "task"), TASK_LENGTH_MAX));
    }
    List<String> lines = new ArrayList<>(table.lines());
    lines.add(agents.size() == 1 ? "1 agent" : agents.size() + " agents");
    return lines;
  }
}
