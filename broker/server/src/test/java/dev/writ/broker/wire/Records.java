package dev.writ.broker.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import dev.writ.broker.store.Database;
import dev.writ.fixtures.http.Reply;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** What a deployment's database tells, and what a test puts there. */
record Records(Database database) {

  /** Binds a name of acme's to a repository's id, as a first exchange would have. */
  void bind(String repository) {
    update(
        "INSERT INTO github_repository VALUES ('https://api.github.com', 'acme', ?, 1, now())"
            + " ON CONFLICT DO NOTHING",
        repository);
  }

  /** Binds a user name to an account, as its first request would have. */
  void bindUser(String name) {
    update(
        "INSERT INTO launcher_binding VALUES (?, 'https://idp.example', 'a-sub', now())"
            + " ON CONFLICT DO NOTHING",
        "user:" + name);
  }

  void update(String sql, Object... parameters) {
    database.autoCommit(session -> session.update(sql, parameters));
  }

  /** How many writs there are, of whatever state. */
  int writs() {
    return number("SELECT count(*)::int AS n FROM writ");
  }

  /** How many rows of a kind the ledger has about an agent. */
  int rows(String kind, String agent) {
    return number(
        "SELECT count(*)::int AS n FROM ledger WHERE kind = ? AND agent = ?::uuid", kind, agent);
  }

  /** The answer to a request that must not mint, intend or hand out anything. */
  Reply mintsNothing(Supplier<Reply> request) {
    String minted =
        "SELECT ((SELECT count(*) FROM writ) + (SELECT count(*) FROM ledger WHERE kind IN"
            + " ('issue', 'intent', 'again', 'close', 'enrol', 'renew', 'launch')))::int AS n";
    int before = number(minted);
    Reply reply = request.get();
    assertEquals(before, number(minted), () -> "something was given out: " + reply);
    return reply;
  }

  private int number(String sql, Object... parameters) {
    return database.autoCommit(session -> session.one(sql, row -> row.integer("n"), parameters));
  }

  /** The body of the last row of a kind that the ledger has about an agent. */
  JsonNode row(String kind, String agent) {
    String body =
        database.autoCommit(session ->
            session.one(
                "SELECT body FROM ledger WHERE kind = ? AND agent = ?::uuid ORDER BY sequence DESC LIMIT 1",
                row -> row.string("body"),
                kind,
                agent));
    return Reply.of(200, Map.of(), body).json();
  }

  /** The column {@code text} of a query, as an administrator sees it with psql. */
  List<String> texts(String sql, Object... parameters) {
    return database.autoCommit(session -> session.list(sql, row -> row.string("text"), parameters));
  }
}
