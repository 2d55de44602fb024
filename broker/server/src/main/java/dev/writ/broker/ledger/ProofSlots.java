package dev.writ.broker.ledger;

import java.time.Instant;

/**
 * Where the memory of used DPoP proofs lies. A proof is accepted from 5 s before to 60 s after its
 * {@code iat}; slots of 128 s turn in a ring of four, so a slot that is two away from the present
 * holds nothing that could be used again.
 */
public final class ProofSlots {
  static final int COUNT = 4;
  static final int SECONDS = 128;

  private ProofSlots() {}

  /** The slot of a proof issued at the instant. */
  public static short of(Instant issuedAt) {
    return (short) Math.floorMod(issuedAt.getEpochSecond() / SECONDS, COUNT);
  }

  /** The slot that may be emptied at the instant. */
  static short idle(Instant now) {
    return of(now.plusSeconds(2L * SECONDS));
  }
}
