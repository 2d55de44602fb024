package dev.writ.broker.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code writ key retire}. */
@Command(
    name = "retire",
    description = "Take a former version of a key out of use, once nothing depends on it any more.")
final class KeyRetire extends WritSubcommand {
  @Parameters(index = "0", paramLabel = "KEY", description = "As `writ key ls` names it.")
  private String id = "";

  @Parameters(
      index = "1",
      paramLabel = "VERSION",
      arity = "0..1",
      description = "As `writ key status` names it; the only former one unless given.")
  private Optional<String> version = Optional.empty();

  KeyRetire(Surroundings surroundings) {
    super(surroundings);
  }

  @Override
  Exit run() {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    version.ifPresent(name -> body.put("version", name));
    ObjectNode answer = broker().post(KeyScreen.path(id) + "/retire", body);
    show(answer, new KeyScreen(screen()).outcome(answer));
    return Exit.DONE;
  }
}
