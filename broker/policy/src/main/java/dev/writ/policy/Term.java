package dev.writ.policy;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** How long a credential may live. */
public sealed interface Term {

  /** This long from now, in whole seconds, at least one. */
  record For(Duration duration) implements Term {}

  /** Not at all: what is left is less than the target can give. */
  record TooShort(Denial denial) implements Term {}

  /**
   * The least of what was asked, what the policy gives, and what is left of the agent's and its
   * ancestors' lives.
   *
   * @param requested {@code requested_ttl}, if there was one
   * @param policy {@code lifetime.credential} of the agent's policy
   * @param remaining lives of the agent and its ancestors; never empty
   * @param targetMin the least that the target gives: one second, for AWS the account's {@code
   *     session-min}
   */
  static Term of(
      Optional<Duration> requested, Duration policy, List<Duration> remaining, Duration targetMin) {
    if (remaining.isEmpty()) {
      throw new IllegalArgumentException("an agent has a life");
    }
    Duration most =
        Stream.concat(Stream.of(policy), remaining.stream())
            .min(Comparator.naturalOrder())
            .orElseThrow();
    Duration least = requested.filter(asked -> asked.compareTo(most) < 0).orElse(most);
    Duration term = Duration.ofSeconds(least.toSeconds());
    Duration min =
        targetMin.compareTo(Duration.ofSeconds(1)) < 0 ? Duration.ofSeconds(1) : targetMin;
    return term.compareTo(min) < 0 ? new TooShort(denial(requested, most, min)) : new For(term);
  }

  private static Denial denial(Optional<Duration> requested, Duration most, Duration min) {
    boolean possible = most.compareTo(min) >= 0;
    String hint =
        possible
            ? "this target gives no less than %d s: ask for at least that"
                .formatted(min.toSeconds())
            : "this target gives no less than %d s, and %d s is all that policy and remaining life allow: extend the agent, or have the policy changed"
                .formatted(min.toSeconds(), Math.max(0, most.toSeconds()));
    List<Map<String, Object>> allowed =
        possible
            ? List.of(
                PolicyPrinter.ordered("ttl_min", min.toSeconds(), "ttl_max", most.toSeconds()))
            : List.of();
    return new Denial(
        Denial.Code.ACCESS_DENIED,
        requested
            .map(asked -> List.of(Map.<String, Object>of("requested_ttl", asked.toSeconds())))
            .orElse(List.of()),
        allowed,
        Rule.TTL,
        hint);
  }
}
