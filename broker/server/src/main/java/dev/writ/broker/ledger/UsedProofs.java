package dev.writ.broker.ledger;

import dev.writ.broker.store.Database;

/**
 * The memory of DPoP proofs for endpoints that append nothing; the same as the append's, so a proof
 * is good once anywhere.
 */
public final class UsedProofs {
  private final Database database;

  public UsedProofs(Database database) {
    this.database = database;
  }

  /**
   * Whether the proof was never used before; it is from now on. A sender without DPoP has nothing
   * to use up.
   */
  public boolean firstUse(Row.Proof proof) {
    byte[] jti = proof.jtiHash();
    if (jti == null || proof.issuedAt() == null) {
      return true;
    }
    int slot = ProofSlots.of(proof.issuedAt());
    return database.<Integer>autoCommit(session ->
        session.update(
            "INSERT INTO dpop_proof (slot, jti) VALUES (?, ?) ON CONFLICT DO NOTHING", slot, jti))
        == 1;
  }
}
