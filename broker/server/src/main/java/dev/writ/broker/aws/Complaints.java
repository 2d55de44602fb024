package dev.writ.broker.aws;

import dev.writ.broker.exchange.Minted;
import dev.writ.broker.remote.Drift;
import java.time.Instant;

/** What STS's refusals mean, in words that whoever looks after the account can act on. */
final class Complaints {
  private static final String SEE = "; see docs/aws.md";

  private final String where;
  private final String issuer;

  /**
   * @param where AWS or a store, as a sentence begins with it
   */
  Complaints(String where, String issuer) {
    this.where = where;
    this.issuer = issuer;
  }

  Minted of(String role, StsAnswer.Refusal refusal, Instant now) {
    if (Throttling.is(refusal.status(), refusal.code())) {
      return new Minted.Exhausted(
          where + " wants to be asked less (" + refusal.said() + ")",
          Throttling.until(refusal.headers(), now));
    }
    String said = " (" + refusal.said() + ")";
    return switch (refusal.code()) {
      case "IDPCommunicationError", "IDPCommunicationErrorException" ->
          new Minted.Unavailable(
              where + " cannot read the keys of " + issuer + said + ": are they published?" + SEE);
      case "AccessDenied", "AccessDeniedException" ->
          new Minted.Refused(denied(role) + said + SEE + drift(refusal, now));
      case "InvalidIdentityToken", "InvalidIdentityTokenException" ->
          new Minted.Refused(
              where
                  + " does not accept what "
                  + issuer
                  + " signs"
                  + said
                  + ": is it an identity provider there, with the audience sts.amazonaws.com, and are the published keys the present ones?"
                  + SEE
                  + drift(refusal, now));
      case "ExpiredTokenException",
          "ExpiredToken",
          "IDPRejectedClaim",
          "IDPRejectedClaimException" ->
          new Minted.Refused(
              where + " does not accept the broker's token" + said + drift(refusal, now));
      case "PackedPolicyTooLarge", "PackedPolicyTooLargeException" ->
          new Minted.Refused(
              "The session policy and tags are too large for AWS"
                  + said
                  + ": ask for fewer actions and resources at once");
      case "MalformedPolicyDocument", "MalformedPolicyDocumentException" ->
          new Minted.Refused(
              where
                  + " does not accept the session policy for "
                  + role
                  + said
                  + ": is every action, resource and condition of the policy's grant one that it knows?");
      case "RegionDisabledException", "RegionDisabled" ->
          new Minted.Refused("STS is not activated in that region of the account" + said);
      case "ValidationError", "InvalidArgument", "InvalidParameterValue" ->
          new Minted.Refused(
              where
                  + " refuses the request for "
                  + role
                  + said
                  + ": is the session longer than the role allows, or session-min: shorter than there?"
                  + SEE);
      default -> other(role, refusal, said);
    };
  }

  /** S3 stores have this one answer for everything that is wrong. */
  private String denied(String role) {
    return "The trust policy of the role "
        + role
        + " does not admit this, or the role or the identity provider "
        + issuer
        + " is not there";
  }

  private Minted other(String role, StsAnswer.Refusal refusal, String said) {
    return switch (refusal.status() / 100) {
      case 3 ->
          new Minted.Refused(
              where + " redirects" + said + "; redirects are not followed: is sts: right?");
      default ->
          new Minted.Refused(
              refusal.status() == 407
                  ? "The proxy demands a login (407), which cannot be configured"
                  : where
                      + " refused the request for "
                      + role
                      + said
                      + (refusal.code().isEmpty() ? "; does an STS answer at sts:?" : ""));
    };
  }

  private static String drift(StsAnswer.Refusal refusal, Instant now) {
    return Drift.of(refusal.headers(), now)
        .map(by -> "; this machine's clock is " + by + " its, which is the likely cause")
        .orElse("");
  }
}
