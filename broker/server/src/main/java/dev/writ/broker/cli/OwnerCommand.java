package dev.writ.broker.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code writ owner}. */
@Command(
    name = "owner",
    description = "See and change who answers for agents.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {OwnerWho.class, OwnerHandOver.class, OwnerApply.class})
final class OwnerCommand {
  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help.")
  private boolean help;
}
