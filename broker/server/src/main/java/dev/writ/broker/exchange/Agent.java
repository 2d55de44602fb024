package dev.writ.broker.exchange;

import dev.writ.broker.agent.AgentRecord;
import dev.writ.broker.authority.Snapshot;
import dev.writ.broker.ledger.Row;
import dev.writ.broker.token.Confirmation;
import dev.writ.broker.trust.SpiffeId;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.UUID;

/**
 * Proof that the sender holds a key that was certified for an agent. Whether the agent lives, and
 * whether the key is still its own, is judged by the ledger's append.
 */
public final class Agent {
  private final SpiffeId spiffeId;
  private final List<AgentRecord> line;
  private final SenderProof proof;
  private final Snapshot snapshot;

  /**
   * @param line the agent's record, then its ancestors', parent first
   */
  Agent(SpiffeId spiffeId, List<AgentRecord> line, SenderProof proof, Snapshot snapshot) {
    this.spiffeId = spiffeId;
    this.line = List.copyOf(line);
    this.proof = proof;
    this.snapshot = snapshot;
  }

  /**
   * What was shown.
   *
   * @param jkt thumbprint of the proven key, base64url
   * @param confirmation what an issued token is bound to
   * @param until a token bound to a certificate ends no later; {@link Instant#MAX} with DPoP
   * @param row the same as the ledger takes it
   */
  record SenderProof(String jkt, Confirmation confirmation, Instant until, Row.Proof row) {
    static byte[] thumbprint(String jkt) {
      return Base64.getUrlDecoder().decode(jkt);
    }
  }

  public UUID id() {
    return spiffeId.agent();
  }

  public SpiffeId spiffeId() {
    return spiffeId;
  }

  /** What the database knew of it when this node last looked. */
  public AgentRecord record() {
    return line.get(0);
  }

  /** Its ancestors' records, parent first. */
  public List<AgentRecord> ancestors() {
    return line.subList(1, line.size());
  }

  /** The key, and with DPoP the proof, that it showed. */
  public Row.Proof proven() {
    return proof.row();
  }

  /** The agent and its ancestors, parent first. */
  public List<AgentRecord> line() {
    return line;
  }

  SenderProof proof() {
    return proof;
  }

  /** What it is judged by. */
  public Snapshot snapshot() {
    return snapshot;
  }

  @Override
  public String toString() {
    return "Agent[" + id() + "]";
  }
}
