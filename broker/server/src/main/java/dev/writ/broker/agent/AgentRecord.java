package dev.writ.broker.agent;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * What the database knows of an agent.
 *
 * @param policy name; the version is resolved at each exchange
 * @param owner {@code user:…} or {@code group:…}
 * @param offeredTo the owner that a hand-over waits for
 * @param launcher principal, such as {@code keycloak/client:orchestrator}, {@code operator}, {@code
 *     agent:<uuid>}
 * @param lineage ancestors, parent first
 * @param narrow authorization_details that the launcher narrowed it to, JSON; empty when not
 *     narrowed
 * @param revision grows with each change that a node's copy must not miss
 * @param killed who killed it, when and why
 * @param enrolment absent before the first
 */
public record AgentRecord(
    UUID id,
    String policy,
    String launchedPolicy,
    String owner,
    Optional<String> offeredTo,
    String launcher,
    Optional<RequestedBy> requestedBy,
    Optional<UUID> parent,
    List<UUID> lineage,
    Optional<String> narrow,
    Optional<String> task,
    Optional<String> role,
    Map<String, String> labels,
    Optional<Context> context,
    Instant launchedAt,
    Instant expiresAt,
    Optional<Killed> killed,
    int revision,
    Optional<Enrolment> enrolment,
    Optional<Key> key,
    Optional<Key> keyBefore) {

  /**
   * The person whose wish it is.
   *
   * @param claimed true if only the launcher said so
   */
  public record RequestedBy(String person, boolean claimed) {}

  /** The conversation that the agent is. */
  public record Context(
      String harness, String session, Optional<String> model, Optional<UUID> continues) {}

  public record Killed(Instant at, String by, Optional<String> reason) {}

  /**
   * The enrolment in force.
   *
   * @param number counts from 1
   * @param by who asked for its one-time token
   */
  public record Enrolment(int number, String by, Instant at) {}

  /**
   * A key of the agent.
   *
   * @param jkt RFC 7638 SHA-256 thumbprint, 32 bytes
   * @param until end of the last SVID for it
   */
  public record Key(byte[] jkt, Instant until) {}

  /** Depth below the root of its tree; 0 for an agent without parent. */
  public int depth() {
    return lineage.size();
  }

  /** live, expired or killed. */
  public String state(Instant now) {
    if (killed.isPresent()) {
      return "killed";
    }
    return now.isBefore(expiresAt) ? "live" : "expired";
  }
}
