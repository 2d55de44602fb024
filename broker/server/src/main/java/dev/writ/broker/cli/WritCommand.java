package dev.writ.broker.cli;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;

/** {@code writ}. The launcher script adds {@code demo} and {@code bench}. */
@Command(
    name = "writ",
    description = "Gives AI agents their own identity and exactly the access their policy allows.",
    synopsisSubcommandLabel = "COMMAND",
    mixinStandardHelpOptions = true,
    versionProvider = WritCommand.Version.class,
    footer = {
      "  demo    Show an agent's life from launch to blame, on this machine alone.",
      "  bench   Measure tokens per second and what each costs.",
      "",
      "Every command takes --config FILE (./writ.yaml unless given) and --json. Those that talk to a",
      "broker find it by --config, or by WRIT_URL, WRIT_CA (PEM) and WRIT_TOKEN_FILE; `writ login` takes",
      "the place of the token file.",
      "",
      "Exit codes: 0 done, 1 failed, 2 usage, 3 not logged in, 4 denied, 6 agent expired or killed,",
      "7 broker unreachable, 8 target failed."
    })
final class WritCommand {
  private static final Map<String, Class<?>> SUBCOMMANDS = new LinkedHashMap<>();

  static {
    SUBCOMMANDS.put("serve", ServeCommand.class);
    SUBCOMMANDS.put("login", LoginCommand.class);
    SUBCOMMANDS.put("logout", LogoutCommand.class);
    SUBCOMMANDS.put("agent", AgentCommand.class);
    SUBCOMMANDS.put("policy", PolicyCommand.class);
    SUBCOMMANDS.put("owner", OwnerCommand.class);
    SUBCOMMANDS.put("key", KeyCommand.class);
    SUBCOMMANDS.put("blame", BlameCommand.class);
    SUBCOMMANDS.put("doctor", DoctorCommand.class);
    SUBCOMMANDS.put("issuer", IssuerCommand.class);
    SUBCOMMANDS.put("migrate", MigrateCommand.class);
  }

  /**
   * The subcommands that a command line can need: the one that it names, or all. A third of the
   * time that a short command takes goes into reading annotations of commands.
   */
  static Collection<Class<?>> subcommands(String... arguments) {
    return Optional.ofNullable(arguments.length == 0 ? null : SUBCOMMANDS.get(arguments[0]))
        .<Collection<Class<?>>>map(List::of)
        .orElse(SUBCOMMANDS.values());
  }

  /** The version that the jar was built as. */
  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      String version = WritCommand.class.getPackage().getImplementationVersion();
      return new String[] {"writ " + (version == null ? "(not from a jar)" : version)};
    }
  }
}
