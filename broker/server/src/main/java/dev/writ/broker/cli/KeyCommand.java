package dev.writ.broker.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code writ key}. */
@Command(
    name = "key",
    description = "Look at the deployment's keys, replace them, give one up.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      KeyLs.class,
      KeyStatus.class,
      KeyRotate.class,
      KeyRetire.class,
      KeyCompromise.class
    })
final class KeyCommand {
  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help.")
  private boolean help;
}
