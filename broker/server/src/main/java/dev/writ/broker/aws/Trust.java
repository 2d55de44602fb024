package dev.writ.broker.aws;

import java.time.Instant;
import java.util.List;

/** What came of assuming a role as agents do. */
public sealed interface Trust {

  /**
   * It works.
   *
   * @param until when the session ends that was made for it, and that may do nothing
   */
  record Works(Instant until) implements Trust {}

  /**
   * It works without what these actions admit.
   *
   * @param actions that the role's trust policy has to allow, too
   */
  record Lacks(List<String> actions) implements Trust {}

  /**
   * It does not work.
   *
   * @param said STS's own words
   */
  record Refused(Reason reason, String said) implements Trust {}

  /**
   * It is not known.
   *
   * @param why a sentence without its full stop
   */
  record Unanswered(String why) implements Trust {}

  /** What STS's refusals mean (AssumeRoleWithWebIdentity, Errors). */
  enum Reason {
    /** The account has no identity provider for the issuer. */
    NO_PROVIDER,
    /** The identity provider does not list the audience. */
    AUDIENCE,
    /** STS cannot read the issuer's keys, or finds the one that signed not among them. */
    KEYS,
    /**
     * The role is not there, or its trust policy does not admit the provider, audience or subject.
     */
    NOT_ADMITTED,
    /** STS's clock, by which the token is over or not yet good. */
    EXPIRED,
    /** Whatever else. */
    OTHER
  }
}
