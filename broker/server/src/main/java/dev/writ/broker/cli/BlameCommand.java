package dev.writ.broker.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code writ blame}. */
@Command(
    name = "blame",
    description = {
      "Tell who held a credential and who answers for it.",
      "Never type a credential itself: give its SHA-256, or its file with --token-file."
    })
final class BlameCommand extends WritSubcommand {
  @Parameters(
      arity = "0..1",
      paramLabel = "X",
      description =
          "The credential's SHA-256 (hex, base64 or base64url), its jti, its AWS access key id, or -"
              + " for events of GitHub's audit log or AWS CloudTrail on standard input.")
  private Optional<String> x = Optional.empty();

  @Option(
      names = "--agent",
      paramLabel = "AGENT",
      converter = AgentId.Converter.class,
      description = "With --at: what this agent held then.")
  private Optional<AgentId> agent = Optional.empty();

  @Option(
      names = "--at",
      paramLabel = "TIME",
      converter = InstantArgument.class,
      description = "With --agent: when, such as 2026-11-23T10:00:00Z.")
  private Optional<Instant> at = Optional.empty();

  @Option(names = "--harness", paramLabel = "NAME", description = "With --session: its program.")
  private Optional<String> harness = Optional.empty();

  @Option(
      names = "--session",
      paramLabel = "ID",
      description = "With --harness: what the agent of this session held.")
  private Optional<String> session = Optional.empty();

  @Option(
      names = "--token-file",
      paramLabel = "FILE",
      description =
          "The file that holds the credential; - is standard input. Only its hash is sent.")
  private Optional<String> tokenFile = Optional.empty();

  BlameCommand(Surroundings surroundings) {
    super(surroundings);
  }

  @Override
  Exit run() {
    return x.filter("-"::equals).isPresent()
        ? ofEvents()
        : show(broker().get("/v1/blame", query()));
  }

  /** Each credential that the events name; those that are not ours are told apart. */
  private Exit ofEvents() {
    if (others()) {
      throw usage();
    }
    BrokerClient broker = broker();
    ObjectNode all = JsonNodeFactory.instance.objectNode();
    ArrayNode writs = all.putArray("writs");
    List<Failure> unknown = new ArrayList<>();
    for (Map<String, String> query : PastedEvents.queries(surroundings())) {
      try {
        writs.add(broker.get("/v1/blame", query));
      } catch (Failure failure) {
        if (failure.exit() != Exit.FAILED) {
          throw failure;
        }
        unknown.add(failure);
      }
    }
    if (writs.isEmpty()) {
      throw unknown.getFirst();
    }
    show(all);
    if (!json() && !unknown.isEmpty()) {
      screen()
          .lines(List.of("", unknown.size() + " of the credentials named are not this broker's."));
    }
    return Exit.DONE;
  }

  private boolean others() {
    return tokenFile.isPresent()
        || agent.isPresent()
        || at.isPresent()
        || harness.isPresent()
        || session.isPresent();
  }

  private Exit show(ObjectNode answer) {
    List<JsonNode> writs = new ArrayList<>();
    if (answer.path("writs").isArray()) {
      answer.path("writs").forEach(writs::add);
    } else {
      writs.add(answer);
    }
    List<String> lines = new ArrayList<>();
    for (JsonNode writ : writs) {
      if (!lines.isEmpty()) {
        lines.add("");
      }
      lines.addAll(new BlameScreen(writ, screen()).lines());
    }
    show(answer, lines);
    return Exit.DONE;
  }

  private Map<String, String> query() {
    List<Map<String, String>> ways = new ArrayList<>();
    x.map(Fingerprint::query).ifPresent(ways::add);
    tokenFile
        .map(file -> Fingerprint.ofCredential(file, surroundings()))
        .map(Fingerprint::query)
        .ifPresent(ways::add);
    pair("agent", agent.map(AgentId::uuid), "at", at.map(Instant::toString)).ifPresent(ways::add);
    pair("harness", harness, "session", session).ifPresent(ways::add);
    if (ways.size() != 1) {
      throw usage();
    }
    return ways.getFirst();
  }

  private static Optional<Map<String, String>> pair(
      String first, Optional<String> one, String second, Optional<String> other) {
    if (one.isPresent() != other.isPresent()) {
      throw usage();
    }
    if (one.isEmpty() || other.isEmpty()) {
      return Optional.empty();
    }
    Map<String, String> query = new LinkedHashMap<>();
    query.put(first, one.get());
    query.put(second, other.get());
    return Optional.of(query);
  }

  private static Failure usage() {
    return new Failure(
        Exit.USAGE,
        "Say in one way what is to be blamed: a SHA-256 or jti, or - for pasted events, or --token-file FILE, or --agent ID"
            + " --at TIME, or --harness NAME --session ID.");
  }
}
