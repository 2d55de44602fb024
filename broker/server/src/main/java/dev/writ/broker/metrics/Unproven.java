package dev.writ.broker.metrics;

import java.util.Locale;

/** Why somebody was turned away before it was known who they are. */
public enum Unproven {
  /** No credential at all. */
  NO_CREDENTIAL,
  /** An {@code Authorization} header that is repeated or of an unknown scheme. */
  SCHEME,
  /** Not the operator token, or not from this machine. */
  OPERATOR_TOKEN,
  /** A launcher's access token that is not good. */
  ACCESS_TOKEN,
  /** No proof of a key, or a certificate that is not an SVID of ours. */
  NO_PROOF,
  /** A certificate past its end. */
  CERTIFICATE_EXPIRED,
  /** The DPoP proof. */
  DPOP,
  /** A DPoP proof that was used before. */
  REPLAYED,
  /** The subject token: unknown, forged or another's. */
  SUBJECT_TOKEN,
  /** A subject token past its end. */
  SUBJECT_TOKEN_EXPIRED,
  /** The one-time token of an enrolment: unknown, used or past its end. */
  ENROLMENT_TOKEN,
  /** A key that may not renew, or no longer. */
  RENEWAL,
  /** The key is an agent's, but it is no longer good or the agent has ended. */
  ENDED,
  /** A token request that could not be read. */
  MALFORMED;

  /** As metrics and log lines write it. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
