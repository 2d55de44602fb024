package dev.writ.broker.access;

import dev.writ.broker.ledger.Acts;
import dev.writ.broker.ledger.Acts.Note;
import dev.writ.broker.store.Database;
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
