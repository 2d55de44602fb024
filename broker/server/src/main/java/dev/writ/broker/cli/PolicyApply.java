package dev.writ.broker.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.writ.policy.Policy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code writ policy apply}. */
@Command(
    name = "apply",
    description = {
      "Make a folder's policies the broker's, all at once, on the record.",
      "A policy that the folder does not have is withdrawn: agents under it get nothing any more."
    })
final class PolicyApply extends WritSubcommand {
  @Parameters(paramLabel = "DIR", description = "The folder with all policies.")
  private Path folder = Path.of("");

  @Option(names = "--comment", required = true, paramLabel = "TEXT", description = "Why.")
  private String comment = "";

  PolicyApply(Surroundings surroundings) {
    super(surroundings);
  }

  @Override
  Exit run() {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    body.put("comment", comment);
    ArrayNode policies = body.putArray("policies");
    sound().forEach(policy -> policies.add(OwnJson.read(policy.toJson())));
    ObjectNode answer = broker().post("/v1/policies/apply", body);
    show(answer, lines(answer.path("applied")));
    return Exit.DONE;
  }

  private List<Policy> sound() {
    Path resolved = surroundings().directory().resolve(folder);
    if (!Files.isDirectory(resolved)) {
      throw new Failure(Exit.USAGE, resolved + " is not a folder. Name the one with all policies.");
    }
    PolicyContext context = PolicyContext.of(surroundings(), config());
    List<PolicyFile> files = new PolicyFiles(context.bounds()).read(List.of(resolved));
    if (files.isEmpty()) {
      throw new Failure(
          Exit.FAILED,
          resolved
              + " has no policies (no file ends in .yaml, .yml or .json). Nothing was sent: it would"
              + " withdraw every policy.");
    }
    PolicyReport report = new PolicyReport(files, context, surroundings().directory());
    if (!report.sound()) {
      throw new Failure(
          Exit.FAILED, String.join("\n", report.lines(screen())) + "\nNothing was sent.");
    }
    return files.stream().map(file -> file.policy().orElseThrow()).toList();
  }

  private static List<String> lines(JsonNode applied) {
    if (applied.isEmpty()) {
      return List.of("Nothing to apply.");
    }
    Table table = new Table("policy", "change");
    for (JsonNode one : applied) {
      table.row(Text.of(one, "name") + "@" + Text.of(one, "version"), Text.of(one, "change"));
    }
    return new ArrayList<>(table.lines());
  }
}
