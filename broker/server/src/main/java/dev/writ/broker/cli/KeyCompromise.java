package dev.writ.broker.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code writ key compromise}. */
@Command(
    name = "compromise",
    description = {
      "Give a key up that somebody else may have: stop its use at once, replace it, revoke what it signed,",
      "and say what others have to distrust."
    })
final class KeyCompromise extends WritSubcommand {
  @Parameters(paramLabel = "KEY", description = "As `writ key ls` names it.")
  private String id = "";

  @Option(
      names = "--version",
      paramLabel = "VERSION",
      description = "As `writ key status` names it; the one that is used unless given.")
  private Optional<String> version = Optional.empty();

  @Option(names = "--reason", paramLabel = "TEXT", description = "Why; the ledger keeps it.")
  private Optional<String> reason = Optional.empty();

  KeyCompromise(Surroundings surroundings) {
    super(surroundings);
  }

  @Override
  Exit run() {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    reason.ifPresent(text -> body.put("reason", text));
    version.ifPresent(name -> body.put("version", name));
    ObjectNode answer = broker().post(KeyScreen.path(id) + "/compromise", body);
    show(answer, new KeyScreen(screen()).outcome(answer));
    return Exit.DONE;
  }
}
