package dev.writ.broker.ledger;

import dev.writ.broker.store.Database;
import dev.writ.broker.store.Session;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;

/**
 * Where the memory of used DPoP proofs lies. A proof is accepted from 5 s before to 60 s after its
 * {@code iat}; slots of 128 s turn in a ring of four, so a slot that is two away from the present
 * holds nothing that could be used again. The database counts such a proof as used and empties the
 * slot, by its own clock.
 */
public final class ProofSlots {
  static final int COUNT = 4;
  static final int SECONDS = 128;

  private static final Duration EMPTY_LIMIT = Duration.ofSeconds(1);

  private ProofSlots() {}

  /** The slot of a proof issued at the instant. */
  public static short of(Instant issuedAt) {
    return (short) Math.floorMod(Math.floorDiv(issuedAt.getEpochSecond(), SECONDS), COUNT);
  }

  /**
   * Uses up a proof at an endpoint that appends nothing.
   *
   * @return whether this is its first use, on any node and at any endpoint; true without a DPoP
   *     proof
   * @throws dev.writ.broker.store.DatabaseUnavailable if nobody can tell
   */
  public static boolean use(Database database, Row.Proof proof) {
    return proof.jtiHash() == null || database.autoCommit(session -> use(session, proof));
  }

  static boolean use(Session session, Row.Proof proof) throws SQLException {
    if (proof.jtiHash() == null || proof.issuedAt() == null) {
      return true;
    }
    int slot = of(proof.issuedAt());
    return session.update(
            "INSERT INTO dpop_proof (slot, jti) SELECT ?, ? WHERE ? <> dpop_idle_slot(clock_timestamp())"
                + " ON CONFLICT DO NOTHING",
            slot,
            proof.jtiHash(),
            slot)
        == 1;
  }

  /**
   * Empties the slot that is idle by the database's clock. Every node does so several times while a
   * slot is idle; one is enough.
   *
   * @return whether there was anything in it
   */
  static boolean emptyIdle(Database database) {
    return database.autoCommit(
        EMPTY_LIMIT,
        session -> session.one("SELECT dpop_empty_idle() AS emptied", row -> row.bool("emptied")));
  }
}
