package dev.writ.broker;

import dev.writ.broker.cli.Cli;
import dev.writ.broker.cli.Serving;
import dev.writ.broker.cli.Surroundings;
import dev.writ.broker.config.Config;

/** {@code writ}: the broker and its command line. */
public final class Main {
  private Main() {}

  public static void main(String[] arguments) {
    System.exit(new Cli(Surroundings.ofProcess(), Main::start).run(arguments));
  }

  private static Serving start(Config config) {
    throw new IllegalStateException(
        "This build has no broker for " + config.issuer() + " yet, only the command line.");
  }
}
