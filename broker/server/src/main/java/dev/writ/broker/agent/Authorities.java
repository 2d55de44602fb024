package dev.writ.broker.agent;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.writ.broker.authority.OnDuty;
import dev.writ.broker.authority.PolicyVersion;
import dev.writ.broker.authority.Snapshot;
import dev.writ.document.Parsed;
import dev.writ.policy.Authority;
import dev.writ.policy.Delegation;
import dev.writ.policy.Denial;
import dev.writ.policy.Policy;
import dev.writ.policy.Request;
import dev.writ.policy.Requests;
import dev.writ.policy.Rule;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What an agent may have by a snapshot: its policy ∩ its narrowing ∩ all that its ancestors may
 * have. A line's result is kept for as long as snapshot and records are the very same: whatever
 * changes any of them changes the object. Losing it costs another look.
 */
public final class Authorities {

  /** Agents; with the next snapshot all are looked at anew. */
  private static final int KEPT_MAX = 20_000;

  private record Kept(List<AgentRecord> line, Result result) {
    boolean isOf(List<AgentRecord> now) {
      boolean same = line.size() == now.size();
      for (int i = 0; same && i < now.size(); i++) {
        same = line.get(i) == now.get(i);
      }
      return same;
    }
  }

  private record Generation(@Nullable Snapshot snapshot, Cache<UUID, Kept> kept) {
    static Generation of(@Nullable Snapshot snapshot) {
      return new Generation(snapshot, Caffeine.newBuilder().maximumSize(KEPT_MAX).build());
    }
  }

  private volatile Generation generation = Generation.of(null);

  /** All that an agent may have, or the reason why that is nothing. */
  public sealed interface Result {}

  /**
   * @param own the agent's own policy
   * @param credentialLifetime the least over the line
   */
  public record Effective(
      PolicyVersion own,
      Authority authority,
      Duration credentialLifetime,
      String owner,
      Snapshot snapshot)
      implements Result {

    /** Who answers for the agent at the instant. */
    public OnDuty onDuty(Instant at) {
      return snapshot.accountable(owner, at);
    }
  }

  /**
   * @param policy name@version, or the bare name of one that is withdrawn
   */
  public record None(Denial denial, String policy) implements Result {}

  /**
   * @param line the agent, then its ancestors, parent first
   */
  public Result of(List<AgentRecord> line, Snapshot snapshot) {
    Generation now = generation;
    if (now.snapshot() != snapshot) {
      now = Generation.of(snapshot);
      generation = now;
    }
    UUID agent = line.get(0).id();
    Kept known = now.kept().getIfPresent(agent);
    if (known != null && known.isOf(line)) {
      return known.result();
    }
    Result result = compute(line, snapshot);
    now.kept().put(agent, new Kept(List.copyOf(line), result));
    return result;
  }

  private static Result compute(List<AgentRecord> line, Snapshot snapshot) {
    List<PolicyVersion> versions = new ArrayList<>();
    for (AgentRecord one : line) {
      if (!snapshot.launcherLives(one.launcher())) {
        return new None(
            denied(Rule.LAUNCHER, one.launcher() + ", who launched " + one.id() + ", is disabled"),
            line.get(0).policy());
      }
      Optional<PolicyVersion> current = snapshot.policy(one.policy());
      if (current.isEmpty()) {
        return new None(
            denied(Rule.POLICY, "the policy " + one.policy() + " was withdrawn"), one.policy());
      }
      versions.add(current.get());
    }
    return effective(line, versions, snapshot);
  }

  /** A refusal by what is so of the agent itself, not of its request. */
  public static Denial denied(Rule rule, String hint) {
    return new Denial(Denial.Code.ACCESS_DENIED, List.of(), List.of(), rule, hint);
  }

  private static Result effective(
      List<AgentRecord> line, List<PolicyVersion> versions, Snapshot snapshot) {
    PolicyVersion own = versions.get(0);
    List<Policy> policies = versions.stream().map(PolicyVersion::policy).toList();
    for (int i = 0; i + 1 < policies.size(); i++) {
      Optional<Denial> refused =
          Delegation.refuse(policies.get(i), policies.subList(i + 1, policies.size()));
      if (refused.isPresent()) {
        return new None(refused.get(), own.label());
      }
    }
    Authority authority = own.policy().authority();
    Duration life = own.policy().lifetime().credential();
    for (int i = 0; i < line.size(); i++) {
      Optional<Authority> one = narrowed(line.get(i), policies.get(i));
      if (one.isEmpty()) {
        return new None(unreadable(line.get(i)), own.label());
      }
      authority = authority.intersect(one.get());
      Duration credential = policies.get(i).lifetime().credential();
      life = life.compareTo(credential) <= 0 ? life : credential;
    }
    return new Effective(own, authority, life, line.get(0).owner(), snapshot);
  }

  /** Empty if the narrowing that was stored cannot be read by this version. */
  private static Optional<Authority> narrowed(AgentRecord agent, Policy policy) {
    Authority all = policy.authority();
    if (agent.narrow().isEmpty()) {
      return Optional.of(all);
    }
    return switch (Requests.narrow(agent.narrow().get())) {
      case Parsed.Valid<List<Request>>(List<Request> asked) -> Optional.of(all.narrow(asked));
      case Parsed.Invalid<List<Request>> _ -> Optional.empty();
    };
  }

  private static Denial unreadable(AgentRecord agent) {
    return denied(
        Rule.SYNTAX,
        "what the agent "
            + agent.id()
            + " was narrowed to at its launch cannot be read any more; launch a new one");
  }
}
