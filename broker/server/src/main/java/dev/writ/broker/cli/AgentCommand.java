package dev.writ.broker.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code writ agent}. */
@Command(
    name = "agent",
    description = "Bring agents to life, look at them, end them.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      AgentLaunch.class,
      AgentLs.class,
      AgentShow.class,
      AgentKill.class,
      AgentExtend.class
    })
final class AgentCommand {
  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help.")
  private boolean help;
}
