package dev.writ.broker.access;

import dev.writ.broker.ledger.Acts;
import dev.writ.broker.ledger.Acts.Note;
import dev.writ.broker.store.Database;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Which account a user name belongs to: the first that was seen with it. A name that an identity
 * provider gives to somebody else, or a second provider with the same name, is refused until an
 * admin says whose it is.
 */
public final class Bindings {
  private final Database database;
  private final Acts acts;

  public Bindings(Database database, Acts acts) {
    this.database = database;
    this.acts = acts;
  }

  private record Account(String issuer, String subject) {}

  /** What a name was bound to, and since when. */
  public record Binding(String user, String issuer, String subject, Instant boundAt) {
    /** Members of the answer and of the ledger's row. */
    public Map<String, Object> json() {
      Map<String, Object> json = new LinkedHashMap<>();
      json.put("user", user);
      json.put("iss", issuer);
      json.put("sub", subject);
      json.put("bound_at", boundAt.toString());
      return json;
    }
  }

  /**
   * Lets the next account that comes with the user name have it.
   *
   * @param by the admin
   * @return empty if nobody holds it
   */
  public Optional<Binding> forget(String user, String by) {
    return acts.act(act -> {
      Optional<Binding> forgotten =
          act
              .session()
              .list(
                  "DELETE FROM launcher_binding WHERE principal = ? RETURNING issuer, subject, bound_at",
                  row ->
                      new Binding(
                          user,
                          row.string("issuer"),
                          row.string("subject"),
                          row.instant("bound_at")),
                  "user:" + user)
              .stream()
              .findFirst();
      if (forgotten.isPresent()) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("kind", "forget");
        body.putAll(forgotten.get().json());
        body.put("by", by);
        act.record(Note.of("forget", body));
      }
      return forgotten;
    });
  }

  /** Whether the account holds the name; a name that nobody holds is its from now on. */
  boolean belongsTo(String principal, String issuer, String subject) {
    Account account = new Account(issuer, subject);
    return holder(principal).orElseGet(() -> bind(principal, account)).equals(account);
  }

  private Optional<Account> holder(String principal) {
    return database.autoCommit(session ->
        session.find(
            "SELECT issuer, subject FROM launcher_binding WHERE principal = ?",
            row -> new Account(row.string("issuer"), row.string("subject")),
            principal));
  }

  private Account bind(String principal, Account account) {
    return acts.act(act -> {
      int bound =
          act.session()
              .update(
                  "INSERT INTO launcher_binding VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
                  principal,
                  account.issuer,
                  account.subject,
                  act.at());
      if (bound == 0) {
        return act.session()
            .one(
                "SELECT issuer, subject FROM launcher_binding WHERE principal = ?",
                row -> new Account(row.string("issuer"), row.string("subject")),
                principal);
      }
      act.record(
          Note.of(
              "bind",
              Map.of("principal", principal, "iss", account.issuer, "sub", account.subject)));
      return account;
    });
  }
}
