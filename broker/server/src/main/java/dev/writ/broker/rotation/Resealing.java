package dev.writ.broker.rotation;

import dev.writ.broker.exchange.SealContext;
import dev.writ.broker.keys.KeySlot;
import dev.writ.broker.keys.Sealer;
import dev.writ.broker.keys.TokenKey;
import dev.writ.broker.store.Database;
import dev.writ.broker.store.Row;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;

/** Seals anew, by the envelope's newest version, what an older one sealed in the database. */
final class Resealing {
  private static final Duration LIMIT = Duration.ofSeconds(30);

  private final Database database;
  private final Sealer envelope;

  Resealing(Database database, Sealer envelope) {
    this.database = database;
    this.envelope = envelope;
  }

  private record Sealed(Object id, byte[] sealed, byte[] context) {}

  private interface Reader {
    Sealed read(Row row) throws SQLException;
  }

  /**
   * All of it, by rows, so that nobody waits for all.
   *
   * @return how many there were
   */
  int all() {
    return tokenKeys() + heldTokens();
  }

  private int tokenKeys() {
    return anew(
        "SELECT slot, kid, sealed FROM signing_key WHERE sealed IS NOT NULL",
        row -> {
          String kid = row.string("kid");
          KeySlot slot = KeySlot.of(row.string("slot"));
          return new Sealed(kid, row.bytes("sealed"), TokenKey.context(slot, kid));
        },
        "UPDATE signing_key SET sealed = ? WHERE kid = ? AND sealed = ?");
  }

  private int heldTokens() {
    return anew(
        "SELECT writ, sealed FROM held",
        row ->
            new Sealed(row.uuid("writ"), row.bytes("sealed"), SealContext.held(row.uuid("writ"))),
        "UPDATE held SET sealed = ? WHERE writ = ? AND sealed = ?");
  }

  private int anew(String select, Reader reader, String update) {
    int count = 0;
    for (Sealed one : database.autoCommit(LIMIT, session -> session.list(select, reader::read))) {
      Optional<byte[]> anew = envelope.reseal(one.sealed, one.context);
      if (anew.isPresent()) {
        count +=
            database.autoCommit(session -> session.update(update, anew.get(), one.id, one.sealed));
      }
    }
    return count;
  }
}
