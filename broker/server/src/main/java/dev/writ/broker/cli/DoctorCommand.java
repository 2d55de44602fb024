package dev.writ.broker.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.writ.broker.config.Config;
import dev.writ.broker.doctor.Area;
import dev.writ.broker.doctor.RoleTemplates;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code writ doctor}. */
@Command(
    name = "doctor",
    description = {
      "Tell what is still wrong with Apps, roles, clocks and database, and what to do.",
      "The broker looks, with its own keys and by its own network. Where it does not answer, what can be",
      "seen without it is looked at from here."
    },
    footer = {
      "",
      "Exit codes: 0 nothing failed, 1 something did, 7 the broker did not answer.",
      "--trust and --terraform print what an AWS account needs, from the configuration alone."
    })
final class DoctorCommand extends WritSubcommand {
  @Parameters(
      paramLabel = "AREA",
      arity = "0..*",
      description = "github, aws, clock or database; all unless given.")
  private List<String> areas = new ArrayList<>();

  @Option(
      names = "--trust",
      paramLabel = "ROLE",
      description = "Print the trust policy (JSON) that the role with this ARN needs.")
  private String trust = "";

  @Option(
      names = "--terraform",
      paramLabel = "ROLE",
      description = "Print Terraform for the identity provider and the role with this ARN.")
  private String terraform = "";

  DoctorCommand(Surroundings surroundings) {
    super(surroundings);
  }

  @Override
  Exit run() {
    refuseUnknown();
    return trust.isEmpty() && terraform.isEmpty() ? examine() : print();
  }

  private void refuseUnknown() {
    areas.stream()
        .filter(word -> Area.of(word).isEmpty())
        .findFirst()
        .ifPresent(word -> {
          throw new Failure(
              Exit.USAGE,
              Text.safe(word)
                  + " cannot be examined. Expected some of "
                  + Arrays.stream(Area.values()).map(Area::word).collect(Collectors.joining(", "))
                  + ".");
        });
  }

  private Exit print() {
    boolean alone =
        (trust.isEmpty() || terraform.isEmpty()) && areas.stream().allMatch("aws"::equals);
    if (!alone || json()) {
      throw new Failure(
          Exit.USAGE,
          "--trust ROLE and --terraform ROLE stand alone: one of them, no other area than aws, no --json.");
    }
    RoleTemplates templates = templates(trust.isEmpty() ? terraform : trust);
    screen().lines((trust.isEmpty() ? templates.terraform() : templates.trust()).lines().toList());
    return Exit.DONE;
  }

  private RoleTemplates templates(String role) {
    Config config = new Configs(surroundings()).read(config());
    try {
      return RoleTemplates.of(config, role);
    } catch (IllegalArgumentException wrong) {
      throw new Failure(Exit.USAGE, Text.safe(role) + ": " + wrong.getMessage() + ".");
    }
  }

  private Exit examine() {
    ObjectNode report;
    try {
      report =
          broker()
              .get(
                  "/v1/doctor",
                  areas.isEmpty() ? Map.of() : Map.of("area", String.join(",", areas)));
    } catch (Failure failure) {
      if (failure.exit() != Exit.UNREACHABLE || !LocalChecks.possible(surroundings(), config())) {
        throw failure;
      }
      return withoutBroker(failure);
    }
    DoctorScreen lines = new DoctorScreen(report.path("checks"), screen());
    show(report, lines.lines());
    return lines.failed() ? Exit.FAILED : Exit.DONE;
  }

  /** Says what can be seen from here, and that this is all that it is. */
  private Exit withoutBroker(Failure failure) {
    JsonNode checks = LocalChecks.of(surroundings(), config(), areas);
    ObjectNode report = JsonNodeFactory.instance.objectNode();
    report.set("checks", checks);
    report.put("broker", failure.text());
    List<String> lines = new ArrayList<>();
    lines.add(
        "The broker did not look: it does not answer. What can be seen without it, from here:");
    lines.addAll(new DoctorScreen(checks, screen()).lines());
    show(report, lines);
    screen().aside("writ: " + failure.text());
    return Exit.UNREACHABLE;
  }
}
