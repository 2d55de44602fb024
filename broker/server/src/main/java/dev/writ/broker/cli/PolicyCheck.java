package dev.writ.broker.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code writ policy check}. */
@Command(
    name = "check",
    description = {
      "Read policy files as the broker does and show everything that is wrong with them, and what"
          + " is dangerous.",
      "Asks no broker. With a configuration at hand its limits and targets count."
    })
final class PolicyCheck extends WritSubcommand {
  @Parameters(
      arity = "1..*",
      paramLabel = "FILE|DIR",
      description = "Policy files, or folders of them.")
  private List<Path> places = new ArrayList<>();

  PolicyCheck(Surroundings surroundings) {
    super(surroundings);
  }

  @Override
  Exit run() {
    PolicyContext context = PolicyContext.of(surroundings(), config());
    List<Path> resolved = places.stream().map(surroundings().directory()::resolve).toList();
    List<PolicyFile> files = new PolicyFiles(context.bounds()).read(resolved);
    if (files.isEmpty()) {
      throw new Failure(
          Exit.FAILED, "There is no policy there: no file ends in .yaml, .yml or .json.");
    }
    PolicyReport report = new PolicyReport(files, context, surroundings().directory());
    if (json()) {
      screen().json(report.json());
    } else {
      screen().lines(report.lines(screen()));
    }
    return report.sound() ? Exit.DONE : Exit.FAILED;
  }
}
