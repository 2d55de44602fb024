package dev.writ.broker.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code writ key status}. */
@Command(
    name = "status",
    description = {
      "Show every version of a key, or of all keys.",
      "Ends with 1 if a rotation is overdue or a key is in trouble."
    })
final class KeyStatus extends WritSubcommand {
  @Parameters(
      paramLabel = "KEY",
      arity = "0..1",
      description = "As `writ key ls` names it; all unless given.")
  private Optional<String> id = Optional.empty();

  KeyStatus(Surroundings surroundings) {
    super(surroundings);
  }

  @Override
  Exit run() {
    ObjectNode answer =
        id.map(name -> broker().get(KeyScreen.path(name), Map.of()))
            .orElseGet(() -> broker().get("/v1/keys", Map.of()));
    List<JsonNode> keys = new ArrayList<>();
    if (id.isPresent()) {
      keys.add(answer);
    } else {
      answer.path("keys").forEach(keys::add);
    }
    KeyScreen lines = new KeyScreen(screen());
    List<String> shown = new ArrayList<>();
    keys.forEach(key -> shown.addAll(lines.sheet(key)));
    show(answer, shown);
    return keys.stream().anyMatch(KeyScreen::troubled) ? Exit.FAILED : Exit.DONE;
  }
}
