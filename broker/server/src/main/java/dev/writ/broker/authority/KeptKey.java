package dev.writ.broker.authority;

import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Optional;

/**
 * A key that is kept elsewhere, as the deployment knows it.
 *
 * @param id SHA-256 of its public key, hex
 * @param certificate of a root, by itself
 * @param cross of a root, by the one before it, while that one is still trusted
 * @param since it has been in this state
 * @param ordered of a successor: it is to be used as soon as it may
 * @param neededUntil of a former one
 */
public record KeptKey(
    String slot,
    String id,
    State state,
    Optional<X509Certificate> certificate,
    Optional<X509Certificate> cross,
    Instant since,
    boolean ordered,
    Optional<Instant> neededUntil) {

  /** What a key is to its slot, the one in use first; the database has it in lower case. */
  public enum State {
    /** Is used. */
    CURRENT,
    /** Will be used. */
    NEXT,
    /** Is used no more; what it did is good. */
    RETIRED,
    /** What it did is not good any more. */
    DISTRUSTED,
    /** Nothing that it did is left. */
    SPENT
  }

  /** Whether what it did is good. */
  public boolean trusted() {
    return state == State.CURRENT || state == State.NEXT || state == State.RETIRED;
  }
}
