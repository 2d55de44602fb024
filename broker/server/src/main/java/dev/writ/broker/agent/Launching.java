package dev.writ.broker.agent;

import dev.writ.broker.access.Caller;
import dev.writ.broker.authority.OnDuty;
import dev.writ.broker.authority.PolicyVersion;
import dev.writ.broker.authority.Snapshot;
import dev.writ.broker.authority.Snapshots;
import dev.writ.broker.authority.Sources;
import dev.writ.broker.ledger.Acts;
import dev.writ.broker.ledger.Acts.Act;
import dev.writ.policy.Authority;
import dev.writ.policy.Delegation;
import dev.writ.policy.Denial;
import dev.writ.policy.Policy;
import dev.writ.policy.Request;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Brings agents to life. A launch is judged and recorded under the head lock, in one order with
 * every kill.
 */
public final class Launching {
  private final Acts acts;
  private final Snapshots snapshots;
  private final Authorities authorities;
  private final Duration lifetimeMax;
  private final int agentsPerLauncher;

  public Launching(
      Acts acts,
      Snapshots snapshots,
      Authorities authorities,
      Duration lifetimeMax,
      int agentsPerLauncher) {
    this.acts = acts;
    this.snapshots = snapshots;
    this.authorities = authorities;
    this.lifetimeMax = lifetimeMax;
    this.agentsPerLauncher = agentsPerLauncher;
  }

  /**
   * An {@code Idempotency-Key} with the SHA-256 of the body it came with.
   *
   * @param body 32 bytes
   */
  public record Once(String key, byte[] body) {}

  /**
   * Launches an agent.
   *
   * @param parentKey thumbprint of the key that a launching agent proved, 32 bytes
   */
  public Launched launch(
      Caller caller, Optional<byte[]> parentKey, LaunchRequest request, Optional<Once> once) {
    return Judging.byFreshSnapshot(
        acts,
        snapshots,
        (act, snapshot) -> {
          Optional<Launched> repeated = LaunchKeys.repeated(act, snapshot, caller, once);
          return repeated.isPresent()
              ? repeated.get()
              : judge(new Attempt(act, snapshot, caller, parentKey, request, once));
        });
  }

  record Attempt(
      Act act,
      Snapshot snapshot,
      Caller caller,
      Optional<byte[]> parentKey,
      LaunchRequest request,
      Optional<Once> once) {}

  /** What a sound launch will be. */
  record Plan(
      PolicyVersion policy,
      List<AgentRecord> ancestors,
      String owner,
      OnDuty.Person onDuty,
      Instant end) {}

  private Launched judge(Attempt attempt) throws SQLException {
    Caller caller = attempt.caller();
    Snapshot snapshot = attempt.snapshot();
    Optional<Refused> dead = parentObjection(attempt);
    if (dead.isPresent()) {
      return dead.get();
    }
    String name = attempt.request().policy();
    Optional<PolicyVersion> policy = snapshot.policy(name);
    List<AgentRecord> ancestors = ancestors(attempt);
    if (policy.isEmpty()
        || !LaunchRules.mayLaunch(caller, policy.get().policy())
        || !snapshot.launcherLives(caller.principal())
        || !delegated(policy.get().policy(), ancestors, snapshot, caller)) {
      return new Refused.Hidden("There is no policy \"" + name + "\" under which you may launch.");
    }
    return withPolicy(attempt, policy.get(), ancestors);
  }

  private Launched withPolicy(Attempt attempt, PolicyVersion policy, List<AgentRecord> ancestors)
      throws SQLException {
    LaunchRequest request = attempt.request();
    Optional<String> owner = owner(attempt, policy.policy(), ancestors);
    if (owner.isEmpty()) {
      return ownerRefused(request.owner(), ancestors);
    }
    Duration most = Lives.most(policy, lifetimeMax);
    if (request.ttl().isPresent() && request.ttl().get().compareTo(most) > 0) {
      return Lives.beyond(request.ttl().get(), policy, most);
    }
    return switch (attempt.snapshot().accountable(owner.get(), attempt.act().at())) {
      case OnDuty.Nobody(String reason) ->
          new Refused.Conflict("Nobody answers for " + owner.get() + " now: " + reason + ".");
      case OnDuty.Person person ->
          checked(
              attempt,
              new Plan(
                  policy,
                  ancestors,
                  owner.get(),
                  person,
                  Lives.end(attempt.act().at().plus(request.ttl().orElse(most)), ancestors)));
    };
  }

  private static Refused ownerRefused(Optional<String> asked, List<AgentRecord> ancestors) {
    if (!ancestors.isEmpty()) {
      return new Refused.Invalid("owner: a child has its parent's owner; leave it out.");
    }
    return asked.isEmpty()
        ? new Refused.Invalid(
            "owner: missing; name a user:… or group:… that answers for the agent.")
        : new Refused.Hidden("owner: \"" + asked.get() + "\" is not one that you may name.");
  }

  private Launched checked(Attempt attempt, Plan plan) throws SQLException {
    List<Denial> beyond = beyond(attempt, plan);
    if (!beyond.isEmpty()) {
      return new Refused.Beyond(beyond);
    }
    Optional<UUID> sameSession = sameSession(attempt);
    if (sameSession.isPresent()) {
      return new Refused.Conflict(
          "The agent "
              + sameSession.get()
              + " lives in this session. A continuation elsewhere is a new session that"
              + " names the old agent under context.continues.");
    }
    if (Sources.isUnconfirmed(attempt.act())) {
      return new Refused.Unconfirmed();
    }
    if (living(attempt) >= agentsPerLauncher) {
      return new Refused.TooMany(agentsPerLauncher);
    }
    return Births.insert(attempt, plan);
  }

  private static Optional<Refused> parentObjection(Attempt attempt) throws SQLException {
    return attempt.caller() instanceof Caller.OfAgent(UUID parent)
        ? Objections.of(attempt.act().session(), parent, attempt.parentKey())
            .map(Refused.NotAuthenticated::new)
        : Optional.empty();
  }

  /** The parent and its ancestors; empty unless an agent launches. */
  private static List<AgentRecord> ancestors(Attempt attempt) throws SQLException {
    return attempt.caller() instanceof Caller.OfAgent(UUID parent)
        ? Lines.of(attempt.act().session(), parent)
        : List.of();
  }

  /** Only an agent that may have anything itself may have children, and only as it may. */
  private boolean delegated(
      Policy policy, List<AgentRecord> ancestors, Snapshot snapshot, Caller caller) {
    if (!(caller instanceof Caller.OfAgent)) {
      return true;
    }
    List<Policy> above =
        ancestors.stream()
            .flatMap(one -> snapshot.policy(one.policy()).stream())
            .map(PolicyVersion::policy)
            .toList();
    return authorities.of(ancestors, snapshot) instanceof Authorities.Effective
        && Delegation.refuse(policy, above).isEmpty();
  }

  private static Optional<String> owner(
      Attempt attempt, Policy policy, List<AgentRecord> ancestors) {
    Optional<String> asked = attempt.request().owner();
    if (!ancestors.isEmpty()) {
      return asked.isPresent() ? Optional.empty() : Optional.of(ancestors.get(0).owner());
    }
    return asked.filter(owner ->
        attempt.snapshot().owners().lives(owner)
            && LaunchRules.mayName(attempt.caller(), owner, policy, attempt.snapshot()));
  }

  private List<Denial> beyond(Attempt attempt, Plan plan) {
    Optional<List<Request>> narrow = attempt.request().narrow();
    if (narrow.isEmpty()) {
      return List.of();
    }
    Authority all = plan.policy().policy().authority();
    if (!plan.ancestors().isEmpty()) {
      switch (authorities.of(plan.ancestors(), attempt.snapshot())) {
        case Authorities.None none -> {
          return List.of(none.denial());
        }
        case Authorities.Effective parent -> all = all.intersect(parent.authority());
      }
    }
    return all.refusals(narrow.get());
  }

  private static Optional<UUID> sameSession(Attempt attempt) throws SQLException {
    Optional<AgentRecord.Context> context = attempt.request().context();
    if (context.isEmpty()) {
      return Optional.empty();
    }
    return attempt
        .act()
        .session()
        .list(
            "SELECT id FROM agent WHERE harness = ? AND session = ? AND killed_at IS NULL AND expires_at > ? LIMIT 1",
            row -> row.uuid("id"),
            context.get().harness(),
            context.get().session(),
            attempt.act().at())
        .stream()
        .findFirst();
  }

  private static int living(Attempt attempt) throws SQLException {
    return attempt
        .act()
        .session()
        .one(
            "SELECT count(*)::int AS n FROM agent WHERE launcher = ? AND killed_at IS NULL AND expires_at > ?",
            row -> row.integer("n"),
            attempt.caller().principal(),
            attempt.act().at());
  }
}
