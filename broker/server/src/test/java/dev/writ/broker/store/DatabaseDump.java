package dev.writ.broker.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** All that stands in the database of a broker that runs, read beside it. */
public final class DatabaseDump {
  private DatabaseDump() {}

  /** Connects to the embedded server in a data folder. */
  public static Database connect(Path data) throws IOException {
    List<String> pid = Files.readAllLines(data.resolve("db/cluster/postmaster.pid"));
    return Database.open(
        new DatabaseSettings(
            List.of(new DatabaseSettings.HostPort("127.0.0.1", Integer.parseInt(pid.get(3)))),
            PostgresCluster.DATABASE,
            PostgresCluster.ROLE,
            Optional.of(Password.fromFile(data.resolve("db/password"))),
            Map.of("sslmode", "disable")));
  }

  /**
   * Writes every row of every table, one in a line, bytes in hexadecimal.
   *
   * @return how many rows each table has
   */
  public static Map<String, Integer> write(Database database, Path file) {
    return database.autoCommit(session -> {
      Map<String, Integer> rows = new java.util.TreeMap<>();
      List<String> tables =
          session.list(
              "SELECT quote_ident(table_name) AS name FROM information_schema.tables"
                  + " WHERE table_schema = 'public'",
              row -> row.string("name"));
      for (String table : tables) {
        List<String> lines =
            session.list("SELECT t::text AS line FROM " + table + " t", row -> row.string("line"));
        rows.put(table, lines.size());
        append(file, table, lines);
      }
      return rows;
    });
  }

  private static void append(Path file, String table, List<String> lines) {
    try {
      Files.writeString(
          file,
          table + "\n" + String.join("\n", lines) + "\n",
          StandardOpenOption.CREATE,
          StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
