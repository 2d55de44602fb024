package dev.writ.broker.cli;

import picocli.CommandLine;

/** Makes commands for picocli, and gives them what they work with. */
final class Commands implements CommandLine.IFactory {
  private final Surroundings surroundings;
  private final Serving.Start broker;

  Commands(Surroundings surroundings, Serving.Start broker) {
    this.surroundings = surroundings;
    this.broker = broker;
  }

  @Override
  public <K> K create(Class<K> type) throws Exception {
    if (type == ServeCommand.class) {
      return type.cast(new ServeCommand(surroundings, broker));
    }
    return WritSubcommand.class.isAssignableFrom(type)
        ? type.cast(type.getDeclaredConstructor(Surroundings.class).newInstance(surroundings))
        : CommandLine.defaultFactory().create(type);
  }
}
