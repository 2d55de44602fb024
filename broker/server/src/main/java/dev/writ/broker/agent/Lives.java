package dev.writ.broker.agent;

import dev.writ.broker.authority.PolicyVersion;
import dev.writ.document.Durations;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/** How long agents may live: as policy, server and ancestors let them. */
final class Lives {
  private Lives() {}

  /** The longest life that may be asked for. */
  static Duration most(PolicyVersion policy, Duration serverMax) {
    Duration allowed = policy.policy().lifetime().agent();
    return allowed.compareTo(serverMax) <= 0 ? allowed : serverMax;
  }

  /** What to say to who asks for more than {@link #most}. */
  static Refused.Invalid beyond(Duration ttl, PolicyVersion policy, Duration most) {
    return new Refused.Invalid(
        "ttl: "
            + Durations.print(ttl)
            + " is beyond the policy "
            + policy.label()
            + ", which allows "
            + Durations.print(most)
            + ".");
  }

  /** The instant that is wanted, or the end of the ancestor that ends before; whole seconds. */
  static Instant end(Instant wanted, List<AgentRecord> ancestors) {
    Instant end = wanted;
    for (AgentRecord ancestor : ancestors) {
      end = end.isBefore(ancestor.expiresAt()) ? end : ancestor.expiresAt();
    }
    return end.truncatedTo(ChronoUnit.SECONDS);
  }
}
