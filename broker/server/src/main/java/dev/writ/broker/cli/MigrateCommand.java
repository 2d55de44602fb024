package dev.writ.broker.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.writ.broker.config.ExternalDatabase;
import dev.writ.broker.store.Database;
import dev.writ.broker.store.DatabaseSetupException;
import dev.writ.broker.store.DatabaseUnavailable;
import java.util.List;
import picocli.CommandLine.Command;

/** {@code writ migrate}: what a node does first when it starts, and nothing else. */
@Command(
    name = "migrate",
    description = {
      "Bring the schema of the shared database up to date, and end.",
      "For before an upgrade of several nodes; a node that starts does the same. Nodes of the version",
      "before go on working with the newer schema."
    })
final class MigrateCommand extends WritSubcommand {
  MigrateCommand(Surroundings surroundings) {
    super(surroundings);
  }

  @Override
  Exit run() {
    ExternalDatabase database =
        new Configs(surroundings())
            .read(config())
            .database()
            .orElseThrow(() ->
                new Failure(
                    Exit.USAGE,
                    "database: is not configured. A broker with a database of its own brings it up to date when it starts."));
    String address = database.address().address();
    try {
      Database.open(database.settings()).close();
    } catch (DatabaseSetupException | DatabaseUnavailable e) {
      throw new Failure(
          Exit.FAILED,
          "The database is not up to date. " + Text.safe(String.valueOf(e.getMessage())));
    }
    show(
        JsonNodeFactory.instance.objectNode().put("database", address),
        List.of("The schema in " + Text.safe(address) + " is up to date."));
    return Exit.DONE;
  }
}
