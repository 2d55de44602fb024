package dev.writ.broker.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;

/** {@code writ logout}. */
@Command(
    name = "logout",
    description = "End the login to the broker, here and at the identity provider.")
final class LogoutCommand extends WritSubcommand {
  LogoutCommand(Surroundings surroundings) {
    super(surroundings);
  }

  @Override
  Exit run() {
    URI broker = new AccessFinder(surroundings()).place(config()).url();
    Optional<Login> ended = new Logins(surroundings()).end(broker);
    ObjectNode view = JsonNodeFactory.instance.objectNode();
    var logins = view.putArray("logins");
    ended.ifPresent(login -> logins.addObject().put("broker", broker.toString()));
    show(
        view,
        List.of(
            ended.isPresent()
                ? "Logged out of " + broker + "."
                : "You were not logged in to " + broker + "."));
    return Exit.DONE;
  }
}
