package dev.writ.broker.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Option;

/** What every command has: {@code --config}, {@code --json}, a screen. */
abstract class WritSubcommand implements Callable<Integer> {
  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "The broker's configuration; ./writ.yaml unless given.")
  private Optional<Path> config = Optional.empty();

  @Option(names = "--json", description = "One JSON object instead of text for people.")
  private boolean json;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help.")
  private boolean help;

  private final Surroundings surroundings;

  WritSubcommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  /** Does it, or throws {@link Failure}. */
  abstract Exit run();

  @Override
  public final Integer call() {
    return run().code();
  }

  final Surroundings surroundings() {
    return surroundings;
  }

  final Optional<Path> config() {
    return config.map(surroundings.directory()::resolve);
  }

  final boolean json() {
    return json;
  }

  final Screen screen() {
    return new Screen(surroundings);
  }

  /** The broker that the options or the environment name. */
  final BrokerClient broker() {
    return new BrokerClient(new AccessFinder(surroundings).find(config()));
  }

  /** Shows a result: the object with {@code --json}, else the lines. */
  final void show(JsonNode object, List<String> lines) {
    if (json) {
      screen().json(object);
    } else {
      screen().lines(lines);
    }
  }
}
