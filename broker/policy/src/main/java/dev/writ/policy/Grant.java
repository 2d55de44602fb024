package dev.writ.policy;

import java.util.Map;
import java.util.function.Function;

/**
 * What may be given at one target: part of a policy, of an agent's effective authority, or of one
 * answer.
 */
public sealed interface Grant permits GitHubGrant, AwsGrant, InternalGrant {

  /**
   * As an element of {@code authorization_details} (RFC 9396); maps, lists and text only, in a
   * stable order.
   */
  Map<String, Object> details();

  /** Does what fits the kind of this grant; adding a kind breaks every caller, which is meant. */
  default <T> T fold(
      Function<? super GitHubGrant, ? extends T> gitHub,
      Function<? super AwsGrant, ? extends T> aws,
      Function<? super InternalGrant, ? extends T> internal) {
    if (this instanceof GitHubGrant grant) {
      return gitHub.apply(grant);
    }
    return this instanceof AwsGrant grant ? aws.apply(grant) : internal.apply((InternalGrant) this);
  }
}
