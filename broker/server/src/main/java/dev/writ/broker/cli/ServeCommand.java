package dev.writ.broker.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.writ.broker.config.Config;
import dev.writ.broker.config.Flags;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code writ serve}. */
@Command(
    name = "serve",
    description = {
      "Run the broker until it is told to stop (SIGTERM or Ctrl-C).",
      "Says in one line when it is ready. Flags win over environment variables, those over the file."
    })
final class ServeCommand extends WritSubcommand {
  @Option(names = "--port", paramLabel = "PORT", description = "Listen here; 8443 unless given.")
  private Optional<String> port = Optional.empty();

  @Option(
      names = "--management-port",
      paramLabel = "PORT",
      description = "Health and metrics; 9000 unless given.")
  private Optional<String> managementPort = Optional.empty();

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "The folder for keys and the embedded database; ./data unless given.")
  private Optional<String> data = Optional.empty();

  @Option(
      names = "--database",
      paramLabel = "URL",
      description = "A PostgreSQL server; one of its own, in --data, unless given.")
  private Optional<String> database = Optional.empty();

  @Option(
      names = "--policies",
      paramLabel = "DIR",
      description = "The folder of policies; ./policies unless given.")
  private Optional<String> policies = Optional.empty();

  @Option(
      names = "--owners",
      paramLabel = "FILE",
      description = "The file of owners; ./owners.yaml unless given.")
  private Optional<String> owners = Optional.empty();

  private final Serving.Start broker;

  ServeCommand(Surroundings surroundings, Serving.Start broker) {
    super(surroundings);
    this.broker = broker;
  }

  @Override
  Exit run() {
    Config config = new Configs(surroundings()).read(config(), flags());
    Serving serving = start(config);
    Stop.onSignal(serving);
    show(
        JsonNodeFactory.instance.objectNode().put("url", serving.url().toString()),
        List.of("Writ is ready at " + serving.url()));
    return Stop.await();
  }

  private Serving start(Config config) {
    try {
      return broker.start(config);
    } catch (RuntimeException e) {
      String message = e.getMessage();
      throw new Failure(
          Exit.FAILED,
          "The broker cannot start. "
              + (message == null ? e.getClass().getSimpleName() : Text.safe(message)));
    }
  }

  /** By the keys that {@link Flags#KEYS} gives them. */
  private Map<String, String> flags() {
    Map<String, Optional<String>> typed =
        Map.of(
            "--port", port,
            "--management-port", managementPort,
            "--data", data,
            "--database", database,
            "--policies", policies,
            "--owners", owners);
    Map<String, String> flags = new LinkedHashMap<>();
    Flags.KEYS.forEach((flag, key) ->
        typed.getOrDefault(flag, Optional.empty()).ifPresent(value -> flags.put(key, value)));
    return flags;
  }
}
