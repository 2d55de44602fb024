package dev.writ.broker.exchange;

import java.util.Optional;
import java.util.UUID;

/** What an agent's credentials were found to be. */
public sealed interface Authentication {

  record Authenticated(Agent agent) implements Authentication {}

  /**
   * They prove nothing, or something that has ended.
   *
   * @param why for the answer's error code
   * @param text for the caller
   * @param proven the agent whose key was proven all the same, so that it may be told how it ended
   */
  record Unauthenticated(Why why, String text, Optional<UUID> proven) implements Authentication {
    Unauthenticated(Why why, String text) {
      this(why, text, Optional.empty());
    }
  }

  /** Kinds of failure, by what the sender has to do about them. */
  enum Why {
    /** No proof at all, or a certificate that is not an SVID of ours. */
    NO_PROOF,
    /** The certificate has ended. */
    CERTIFICATE_EXPIRED,
    /** The DPoP proof. */
    DPOP,
    /** The subject token: unknown, forged or another's. One text for all. */
    SUBJECT_TOKEN,
    /** The subject token has ended. */
    SUBJECT_TOKEN_EXPIRED
  }
}
