package dev.writ.broker;

import dev.writ.broker.cli.Cli;
import dev.writ.broker.cli.Surroundings;

/** {@code writ}: the broker and its command line. */
public final class Main {
  private Main() {}

  public static void main(String[] arguments) {
    System.exit(new Cli(Surroundings.ofProcess(), Broker::start).run(arguments));
  }
}
