package dev.writ.broker.writ;

import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * What the database knows of one issued credential.
 *
 * @param target github, aws or internal
 * @param state as stored: open, live, refused, unknown or ended
 * @param grant authorization_details of what was granted, a JSON array
 * @param policy name@version
 * @param accountable the person on duty at issue
 * @param enrolment number of the agent's enrolment that it was issued to
 * @param sequence of the ledger's row that says so
 * @param orphaned whether its agent, or an ancestor of it, lives no more
 */
public record Writ(
    UUID id,
    UUID agent,
    String target,
    String state,
    String grant,
    String policy,
    String owner,
    String accountable,
    int enrolment,
    Instant issuedAt,
    Instant expiresAt,
    long sequence,
    Optional<Instant> endedAt,
    Optional<String> endedBy,
    boolean orphaned) {

  /** The state at an instant: what was live ends with its time and with its agent. */
  public String state(Instant now) {
    boolean over = orphaned || !now.isBefore(expiresAt);
    return state.equals("live") && over ? "ended" : state;
  }
}
