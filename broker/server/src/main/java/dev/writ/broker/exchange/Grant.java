package dev.writ.broker.exchange;

import dev.writ.broker.ledger.Row;
import dev.writ.document.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/**
 * Proof that policy, ancestors and request together allow this to this agent, by the snapshot that
 * it was judged by.
 */
public final class Grant {
  private final UUID writ;
  private final Agent agent;
  private final dev.writ.policy.Grant allowed;
  private final String policy;
  private final Row.Basis basis;
  private final Duration life;
  private final Instant expiresAt;
  private final String details;

  /**
   * @param writ id of the credential to be
   * @param policy name@version
   * @param life what request and policy together wish for; lives may have left less
   * @param expiresAt whole seconds
   */
  Grant(
      UUID writ,
      Agent agent,
      dev.writ.policy.Grant allowed,
      String policy,
      Row.Basis basis,
      Duration life,
      Instant expiresAt) {
    this.writ = writ;
    this.agent = agent;
    this.allowed = allowed;
    this.policy = policy;
    this.basis = basis;
    this.life = life;
    this.expiresAt = expiresAt;
    this.details = details(allowed);
  }

  public UUID writ() {
    return writ;
  }

  public Agent agent() {
    return agent;
  }

  /** What may be given, at most. */
  public dev.writ.policy.Grant allowed() {
    return allowed;
  }

  /** name@version of the agent's own policy. */
  public String policy() {
    return policy;
  }

  /** The same by another judgement of the same request. */
  Grant judged(Grant now) {
    return new Grant(writ, now.agent, allowed, now.policy, now.basis, life, expiresAt);
  }

  Duration life() {
    return life;
  }

  public Instant expiresAt() {
    return expiresAt;
  }

  /** What may be given, as {@code authorization_details} (RFC 9396): written once, told often. */
  String details() {
    return details;
  }

  /** A grant as {@code authorization_details}. */
  static String details(dev.writ.policy.Grant granted) {
    return Json.write(List.of(granted.details()));
  }

  Row.Basis basis() {
    return basis;
  }

  /** github, aws or internal, as the ledger writes it. */
  String target() {
    return target(allowed);
  }

  /** github, aws or internal, as the ledger writes it. */
  static String target(dev.writ.policy.Grant allowed) {
    return allowed.fold(gitHub -> "github", aws -> "aws", internal -> "internal");
  }

  @Override
  public String toString() {
    return "Grant[" + writ + "]";
  }
}
