package dev.writ.broker.blame;

import java.time.Instant;
import java.util.UUID;

/** What somebody points at. */
public sealed interface Question {

  /**
   * A credential.
   *
   * @param sha256 of its text, 32 bytes
   */
  record Token(byte[] sha256) implements Question {}

  /** An AWS credential, as CloudTrail names it. */
  record AccessKey(String id) implements Question {}

  /** A writ, as an internal token names it. */
  record Jti(UUID writ) implements Question {}

  /** Whatever an agent held at an instant. */
  record AgentAt(UUID agent, Instant at) implements Question {}

  /** Whatever the agent of a conversation holds now; of several, the one launched last. */
  record Conversation(String harness, String session) implements Question {}
}
