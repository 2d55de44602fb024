package dev.writ.broker.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code writ policy}. */
@Command(
    name = "policy",
    description = "Check, show, try and publish policies.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {PolicyCheck.class, PolicyShow.class, PolicyTry.class, PolicyApply.class})
final class PolicyCommand {
  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help.")
  private boolean help;
}
