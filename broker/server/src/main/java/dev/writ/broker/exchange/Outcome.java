package dev.writ.broker.exchange;

import dev.writ.broker.exchange.TokenRequest.TokenType;
import dev.writ.policy.Denial;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** How an exchange ended. */
public sealed interface Outcome {

  /**
   * A credential, recorded.
   *
   * @param writ under which it was minted
   * @param secret its text
   * @param tokenType RFC 8693 {@code token_type}: Bearer, DPoP or N_A
   */
  record Issued(
      UUID writ,
      String secret,
      TokenType type,
      String tokenType,
      dev.writ.policy.Grant granted,
      Instant expiresAt)
      implements Outcome {
    @Override
    public String toString() {
      return "Issued[" + writ + "]";
    }
  }

  /** Policy said no. */
  record Denied(Denial denial, String policy) implements Outcome {}

  /** Allowed, but the target is not configured here. */
  record NotConfigured(String target) implements Outcome {}

  record Malformed(String text) implements Outcome {}

  record Unauthenticated(Authentication.Why why, String text) implements Outcome {}

  /**
   * The key was proven, but the agent may have nothing any more.
   *
   * @param reason agent_killed, agent_expired or svid_expired
   * @param why whether a certificate or a token showed it
   * @param details by whom and why
   */
  record Ended(
      String reason, Optional<Authentication.Why> why, String text, Map<String, Object> details)
      implements Outcome {}

  /** What it would be judged by is too old. */
  record Unconfirmed(String text) implements Outcome {}

  /** The target said no; asking again will not help. */
  record TargetRefused(String text) implements Outcome {}

  /**
   * The target gives no more for now.
   *
   * @param until when to ask again
   */
  record Exhausted(String text, Instant until) implements Outcome {}

  /** The target did not answer, or broke its word. */
  record TargetFailed(String text) implements Outcome {}
}
