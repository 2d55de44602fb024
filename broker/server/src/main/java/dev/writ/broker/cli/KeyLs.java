package dev.writ.broker.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import picocli.CommandLine.Command;

/** {@code writ key ls}. */
@Command(
    name = "ls",
    description = "List the keys: what each is for, where it is, how old, when the next one comes.")
final class KeyLs extends WritSubcommand {
  KeyLs(Surroundings surroundings) {
    super(surroundings);
  }

  @Override
  Exit run() {
    ObjectNode answer = broker().get("/v1/keys", Map.of());
    Times times = new Times(screen().zone());
    Table table = new Table("key", "for", "kept in", "age", "next rotation", "trouble");
    for (JsonNode key : answer.path("keys")) {
      table.row(
          Text.of(key, "id"),
          Text.of(key, "purpose"),
          Text.of(key, "kept"),
          KeyScreen.age(key),
          KeyScreen.next(key, times),
          Text.of(key, "trouble"));
    }
    show(answer, table.lines());
    return Exit.DONE;
  }
}
