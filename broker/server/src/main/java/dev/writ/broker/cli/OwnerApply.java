package dev.writ.broker.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.writ.broker.owner.OwnersDefinition;
import dev.writ.broker.owner.OwnersReader;
import dev.writ.document.Limits;
import dev.writ.document.Parsed;
import dev.writ.document.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code writ owner apply}. */
@Command(
    name = "apply",
    description = {
      "Make a file's users and groups the broker's, all at once, on the record.",
      "Whoever the file does not name is removed. Changed rotations count from the next hand-over."
    })
final class OwnerApply extends WritSubcommand {
  @Parameters(paramLabel = "FILE", description = "The file with all users and groups.")
  private Path file = Path.of("");

  @Option(names = "--comment", required = true, paramLabel = "TEXT", description = "Why.")
  private String comment = "";

  OwnerApply(Surroundings surroundings) {
    super(surroundings);
  }

  @Override
  Exit run() {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    body.put("comment", comment);
    body.set("owners", OwnersJson.of(sound()));
    ObjectNode answer = broker().post("/v1/owners/apply", body);
    show(answer, lines(answer.path("applied")));
    return Exit.DONE;
  }

  private OwnersDefinition sound() {
    Path resolved = surroundings().directory().resolve(file);
    String text = text(resolved);
    Parsed<OwnersDefinition> parsed =
        resolved.toString().endsWith(".json") ? OwnersReader.json(text) : OwnersReader.yaml(text);
    return switch (parsed) {
      case Parsed.Valid<OwnersDefinition>(OwnersDefinition owners) -> owners;
      case Parsed.Invalid<OwnersDefinition>(List<Problem> problems) ->
          throw new Failure(
              Exit.FAILED,
              problems.stream()
                  .map(problem -> file + ": " + Text.safe(problem.toString()))
                  .collect(Collectors.joining("\n", "", "\nNothing was sent.")));
    };
  }

  private static String text(Path file) {
    try {
      if (Files.size(file) <= Limits.FILE.characters()) {
        return Files.readString(file);
      }
    } catch (IOException e) {
      // Told below.
    }
    throw new Failure(
        Exit.USAGE, "The file " + file + " cannot be read as UTF-8 text of at most 8 MiB.");
  }

  private static List<String> lines(JsonNode applied) {
    List<String> lines = new ArrayList<>();
    lines.add("Applied.");
    if (applied.isArray() && !applied.isEmpty()) {
      Table table = new Table("owner", "change");
      applied.forEach(one -> table.row(Text.of(one, "name"), Text.of(one, "change")));
      lines.addAll(table.lines());
    }
    return lines;
  }
}
