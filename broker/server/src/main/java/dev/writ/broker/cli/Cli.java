package dev.writ.broker.cli;

import java.io.PrintWriter;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** Runs one command line. */
public final class Cli {
  private static final String JSON = "--json";

  private final Surroundings surroundings;
  private final Serving.Start broker;

  /**
   * @param broker what {@code writ serve} runs
   */
  public Cli(Surroundings surroundings, Serving.Start broker) {
    this.surroundings = surroundings;
    this.broker = broker;
  }

  /**
   * Runs the command that {@code arguments} name and says on the surroundings' streams how it went.
   *
   * @return the exit code: 0 done, 1 failed, 2 usage, 3 not logged in, 4 denied, 6 agent expired or
   *     killed, 7 broker unreachable, 8 target failed
   */
  public int run(String... arguments) {
    Commands factory = new Commands(surroundings, broker);
    CommandLine commandLine = new CommandLine(new WritCommand(), factory);
    WritCommand.subcommands(arguments)
        .forEach(type -> commandLine.addSubcommand(new CommandLine(type, factory)));
    int code =
        commandLine
            .setColorScheme(CommandLine.Help.defaultColorScheme(Ansi.OFF))
            .setOut(new PrintWriter(surroundings.out(), true))
            .setErr(new PrintWriter(surroundings.err(), true))
            .setUsageHelpAutoWidth(false)
            .setUsageHelpWidth(100)
            .setCaseInsensitiveEnumValuesAllowed(false)
            .setParameterExceptionHandler(this::usage)
            .setExecutionExceptionHandler(this::failed)
            .execute(arguments);
    surroundings.out().flush();
    surroundings.err().flush();
    return code;
  }

  private int usage(ParameterException e, String[] arguments) {
    CommandLine command = e.getCommandLine();
    StringBuilder text = new StringBuilder(Text.safe(String.valueOf(e.getMessage())));
    List<String> suggestions =
        e instanceof UnmatchedArgumentException unmatched ? unmatched.getSuggestions() : List.of();
    if (!suggestions.isEmpty()) {
      text.append("; did you mean ").append(String.join(" or ", suggestions)).append('?');
    }
    text.append("\nSee `").append(command.getCommandSpec().qualifiedName()).append(" --help`.");
    return tell(new Failure(Exit.USAGE, text.toString()), List.of(arguments).contains(JSON));
  }

  private int failed(Exception e, CommandLine command, ParseResult parsed) {
    Failure failure =
        e instanceof Failure expected
            ? expected
            : new Failure(
                Exit.FAILED,
                "Something in writ itself is broken ("
                    + e.getClass().getSimpleName()
                    + "). Please report it with what you typed.");
    return tell(failure, command.getParseResult().hasMatchedOption(JSON));
  }

  private int tell(Failure failure, boolean json) {
    Screen screen = new Screen(surroundings);
    if (json) {
      screen.json(failure.json());
    }
    screen.aside("writ: " + failure.text());
    return failure.exit().code();
  }
}
