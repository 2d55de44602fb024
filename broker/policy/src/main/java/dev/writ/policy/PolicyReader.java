package dev.writ.policy;

import dev.writ.document.Fields;
import dev.writ.document.Value;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Reads a policy and notes everything that is wrong with it. */
final class PolicyReader {
  private static final int DESCRIPTION_LENGTH_MAX = 1000;
  private static final int LIST_MAX = 64;
  private static final int GRANTS_MAX = 64;
  private static final Duration LIFETIME_MIN = Duration.ofSeconds(1);

  private final Bounds bounds;
  private final GrantReader grants;
  private final List<Examined.Budget> budgets = new ArrayList<>();

  PolicyReader(Bounds bounds) {
    this.bounds = bounds;
    this.grants = new GrantReader(bounds);
  }

  Optional<Policy> policy(Value root) {
    Fields fields =
        root.fields("name", "description", "lifetime", "launch", "owners", "delegation", "grants");
    Optional<PolicyName> name = fields.required("name").parsed(PolicyName.EXPECTED, PolicyName::of);
    Optional<String> description = fields.optional("description").prose(DESCRIPTION_LENGTH_MAX);
    Optional<Lifetime> lifetime = lifetime(fields.required("lifetime"));
    List<LaunchRule> launch = list(fields.required("launch"), LaunchRule.EXPECTED, LaunchRule::of);
    List<Principal> owners =
        list(fields.optional("owners"), "user:<name> or group:<name>", PolicyReader::owner);
    Optional<Delegation> delegation = delegation(fields.optional("delegation"));
    List<Grant> granted = new ArrayList<>();
    int number = 0;
    for (Value value : fields.required("grants").items(GRANTS_MAX)) {
      Optional<Grant> grant = grants.grant(value);
      grant.ifPresent(granted::add);
      if (grant.isPresent() && grant.get() instanceof AwsGrant aws) {
        budgets.add(new Examined.Budget(number, aws.sessionPolicy().length()));
      }
      number++;
    }
    return root.whenSound(() ->
        new Policy(
            name.orElseThrow(),
            description,
            lifetime.orElseThrow(),
            launch,
            owners,
            delegation.orElse(Delegation.NONE),
            granted));
  }

  /** Of the grants read so far. */
  List<Examined.Budget> budgets() {
    return budgets;
  }

  private Optional<Lifetime> lifetime(Value value) {
    Fields fields = value.fields("agent", "credential");
    Optional<Duration> agent =
        fields.required("agent").duration(LIFETIME_MIN, bounds.agentLifetimeMax());
    Optional<Duration> credential =
        fields.required("credential").duration(LIFETIME_MIN, bounds.credentialLifetimeMax());
    return agent.flatMap(a -> credential.map(c -> new Lifetime(a, c)));
  }

  private static Optional<Principal> owner(String text) {
    return Principal.of(text).filter(owner -> owner.kind() != Principal.Kind.CLIENT);
  }

  private static Optional<Delegation> delegation(Value value) {
    if (!value.isPresent()) {
      return Optional.empty();
    }
    Fields fields = value.fields("depth", "policies");
    Optional<Long> depth = fields.required("depth").integer(0, Delegation.DEPTH_MAX);
    List<PolicyName> policies =
        list(fields.required("policies"), PolicyName.EXPECTED, PolicyName::of);
    return depth.map(d -> new Delegation(d.intValue(), policies));
  }

  private static <T> List<T> list(
      Value value, String expected, Function<String, Optional<T>> parser) {
    return value.items(LIST_MAX).stream()
        .flatMap(item -> item.parsed(expected, parser).stream())
        .toList();
  }
}
