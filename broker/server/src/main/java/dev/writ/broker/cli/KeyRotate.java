package dev.writ.broker.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code writ key rotate}. */
@Command(
    name = "rotate",
    description = {
      "Replace a key by its successor: now if everybody can know that one, else as soon as they do.",
      "What the old key signed stays valid. To end that, see `writ key compromise`."
    })
final class KeyRotate extends WritSubcommand {
  @Parameters(paramLabel = "KEY", description = "As `writ key ls` names it.")
  private String id = "";

  @Option(
      names = "--now",
      description = "Do not wait until everybody can know the successor (keys.publish-ahead).")
  private boolean now;

  KeyRotate(Surroundings surroundings) {
    super(surroundings);
  }

  @Override
  Exit run() {
    ObjectNode body = JsonNodeFactory.instance.objectNode().put("now", now);
    ObjectNode answer = broker().post(KeyScreen.path(id) + "/rotate", body);
    show(answer, new KeyScreen(screen()).outcome(answer));
    return Exit.DONE;
  }
}
