package dev.writ.broker.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;

/** {@code writ}. The launcher script adds {@code demo} and {@code bench}. */
@Command(
    name = "writ",
    description = "Gives AI agents their own identity and exactly the access their policy allows.",
    synopsisSubcommandLabel = "COMMAND",
    mixinStandardHelpOptions = true,
    versionProvider = WritCommand.Version.class,
    subcommands = {
      AgentCommand.class,
      PolicyCommand.class,
      OwnerCommand.class,
      BlameCommand.class
    },
    footer = {
      "  demo    Show an agent's life from launch to blame, on this machine alone.",
      "  bench   Measure tokens per second and what each costs.",
      "",
      "Every command takes --config FILE (./writ.yaml unless given) and --json. Those that talk to a",
      "broker find it by --config, or by WRIT_URL, WRIT_CA (PEM) and WRIT_TOKEN_FILE.",
      "",
      "Exit codes: 0 done, 1 failed, 2 usage, 3 not logged in, 4 denied, 6 agent expired or killed,",
      "7 broker unreachable, 8 target failed."
    })
final class WritCommand {

  /** The version that the jar was built as. */
  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      String version = WritCommand.class.getPackage().getImplementationVersion();
      return new String[] {"writ " + (version == null ? "(not from a jar)" : version)};
    }
  }
}
