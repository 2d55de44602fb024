package dev.writ.broker.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * Judges a server before the broker trusts it: that it can be reached as this user, is recent
 * enough, and keeps what it says it committed. Ends in one connection's time, for it stands in the
 * start-up path.
 */
final class ServerCheck {
  /** The oldest PostgreSQL that its makers still maintain. */
  private static final int VERSION_MIN = 14;

  static final String SETTINGS =
      """
      select current_setting('server_version_num')::int / 10000 as version,
             current_setting('default_transaction_isolation') as isolation,
             current_setting('server_encoding') as encoding,
             current_setting('fsync') as fsync,
             current_setting('synchronous_commit') as synchronous_commit
      """;

  private ServerCheck() {}

  /** What is done with the connection once the server has been found fit. */
  interface Then {
    void run(Connection connection) throws SQLException;
  }

  static void connectAndCheck(DatabaseSettings settings, Then then) {
    try (Connection connection = DataSources.of(settings, DataSources.FIRST).getConnection()) {
      new Session(connection).one(SETTINGS, row -> judge(settings, row));
      connection.setNetworkTimeout(Runnable::run, Math.toIntExact(DataSources.PATIENT.toMillis()));
      then.run(connection);
    } catch (SQLException e) {
      throw explained(settings, e);
    }
  }

  private static boolean judge(DatabaseSettings settings, Row row) throws SQLException {
    List<String> complaints = complaints(row);
    if (!complaints.isEmpty()) {
      throw new DatabaseSetupException(settings.address() + " " + complaints.get(0));
    }
    return true;
  }

  /** What is wrong with a row of {@link #SETTINGS}, in words that fit after the server's name. */
  static List<String> complaints(Row row) throws SQLException {
    List<String> complaints = new ArrayList<>();
    if (row.integer("version") < VERSION_MIN) {
      complaints.add(
          "runs PostgreSQL "
              + row.integer("version")
              + "; Writ needs "
              + VERSION_MIN
              + " or later.");
    }
    require(complaints, "default_transaction_isolation", "read committed", row.string("isolation"));
    require(complaints, "server_encoding", "UTF8", row.string("encoding"));
    require(complaints, "fsync", "on", row.string("fsync"));
    if (row.string("synchronous_commit").equals("off")) {
      complaints.add(
          "has synchronous_commit = off, so that a commit can be lost in a crash. Set it to on.");
    }
    return complaints;
  }

  private static void require(
      List<String> complaints, String setting, String wanted, String found) {
    if (!found.equals(wanted)) {
      complaints.add("has " + setting + " = " + found + "; Writ needs " + wanted + ".");
    }
  }

  /**
   * Looks without judging and without changing anything.
   *
   * @throws DatabaseSetupException if the server refuses the user or lacks the database
   * @throws DatabaseUnavailable if it does not answer
   */
  static ServerFacts look(DatabaseSettings settings, Migrations migrations) {
    try (Connection connection = DataSources.of(settings, DataSources.IMPATIENT).getConnection()) {
      return ServerFacts.read(new Session(connection), migrations);
    } catch (SQLException e) {
      throw explained(settings, e);
    }
  }

  private static RuntimeException explained(DatabaseSettings settings, SQLException e) {
    String server = settings.address();
    String user = settings.user();
    return switch (SqlErrors.state(e)) {
      case "28P01", "28000", "08004" ->
          new DatabaseSetupException(
              server
                  + " refuses the user \""
                  + user
                  + "\": "
                  + SqlErrors.reason(e)
                  + " Check database.user and database.password.",
              e);
      case "3D000" ->
          new DatabaseSetupException(
              server
                  + " has no database \""
                  + settings.database()
                  + "\". Create it: create database \""
                  + settings.database()
                  + "\" owner \""
                  + user
                  + "\".",
              e);
      case String state when SqlErrors.isUnavailable(e) || state.isEmpty() ->
          new DatabaseUnavailable(server + " does not answer: " + SqlErrors.reason(e), false, e);
      case String _ ->
          new DatabaseSetupException(server + " cannot be prepared: " + SqlErrors.reason(e), e);
    };
  }
}
