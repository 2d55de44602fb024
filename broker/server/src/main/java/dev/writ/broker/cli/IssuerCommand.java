package dev.writ.broker.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code writ issuer}. */
@Command(
    name = "issuer",
    description = "Publish the issuer that AWS accounts trust.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = IssuerExport.class)
final class IssuerCommand {
  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help.")
  private boolean help;
}
