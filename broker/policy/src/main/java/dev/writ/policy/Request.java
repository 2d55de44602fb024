package dev.writ.policy;

import java.util.Map;
import java.util.function.Function;

/**
 * What is asked for at one target: an element of {@code authorization_details} (RFC 9396), read
 * strictly.
 */
public sealed interface Request permits GitHubRequest, AwsRequest, InternalRequest {

  /**
   * As it was asked, in the shape of {@code authorization_details}; reads back as the same request.
   */
  Map<String, Object> details();

  /** Does what fits the kind of this request; adding a kind breaks every caller, which is meant. */
  default <T> T fold(
      Function<? super GitHubRequest, ? extends T> gitHub,
      Function<? super AwsRequest, ? extends T> aws,
      Function<? super InternalRequest, ? extends T> internal) {
    if (this instanceof GitHubRequest request) {
      return gitHub.apply(request);
    }
    return this instanceof AwsRequest request
        ? aws.apply(request)
        : internal.apply((InternalRequest) this);
  }
}
