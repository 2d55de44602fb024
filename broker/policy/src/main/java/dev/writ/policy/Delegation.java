package dev.writ.policy;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What agents under a policy may launch themselves.
 *
 * @param depth of the tree below a root agent, which is at 0; 0: no children
 * @param policies that children may have
 */
public record Delegation(int depth, List<PolicyName> policies) {
  static final Delegation NONE = new Delegation(0, List.of());

  /** Of any lineage: bounds what a chain of ancestors costs at each exchange. */
  public static final int DEPTH_MAX = 8;

  public Delegation {
    policies = Lists.asSet(policies);
  }

  /**
   * Refuses a child that its lineage does not let live. To be asked at launch, and again at each
   * exchange with the policies of the day.
   *
   * @param child the child's policy
   * @param ancestors the policies of its ancestors, its parent's first; never empty
   * @return nothing if the child may be
   */
  public static Optional<Denial> refuse(Policy child, List<Policy> ancestors) {
    int depth = ancestors.size();
    Policy strictest =
        ancestors.stream().min(Comparator.comparingInt(a -> a.delegation().depth())).orElseThrow();
    Policy parent = ancestors.get(0);
    if (depth > strictest.delegation().depth()) {
      return Optional.of(
          denial(
              child,
              strictest,
              String.format(
                  "this child would stand %d below the root; the policy %s allows %d",
                  depth, strictest.name(), strictest.delegation().depth())));
    }
    if (!parent.delegation().policies().contains(child.name())) {
      return Optional.of(
          denial(
              child,
              parent,
              "the policy %s does not list %s under delegation"
                  .formatted(parent.name(), child.name())));
    }
    return child.launch().contains(new LaunchRule.ParentAgent())
        ? Optional.empty()
        : Optional.of(
            denial(
                child,
                parent,
                "the policy %s does not list \"agent\" under launch".formatted(child.name())));
  }

  private static Denial denial(Policy child, Policy by, String what) {
    return new Denial(
        Denial.Code.ACCESS_DENIED,
        List.of(Map.of("policy", child.name().value())),
        List.of(by.delegation().details()),
        Rule.DELEGATION,
        what + "; launch what is under \"allowed\", or have the policy changed");
  }

  Map<String, Object> details() {
    return PolicyPrinter.ordered("depth", depth, "policies", Lists.texts(policies));
  }
}
