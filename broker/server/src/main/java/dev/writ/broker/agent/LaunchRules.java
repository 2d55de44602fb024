package dev.writ.broker.agent;

import dev.writ.broker.access.Caller;
import dev.writ.broker.authority.Snapshot;
import dev.writ.policy.LaunchRule;
import dev.writ.policy.Policy;
import dev.writ.policy.Principal;
import java.util.Optional;
import java.util.Set;

/**
 * Who may launch under a policy, and whom they may name as owner. Parents' children: see {@link
 * Launching}.
 */
final class LaunchRules {
  private LaunchRules() {}

  static boolean mayLaunch(Caller caller, Policy policy) {
    return policy.launch().stream().anyMatch(rule -> matches(rule, caller));
  }

  private static boolean matches(LaunchRule rule, Caller caller) {
    return switch (rule) {
      case LaunchRule.Operator _ -> caller instanceof Caller.Operator;
      case LaunchRule.ParentAgent _ -> caller instanceof Caller.OfAgent;
      case LaunchRule.By(String launcher, Principal principal) ->
          switch (caller) {
            case Caller.Person person ->
                person.launcher().equals(launcher)
                    && isOneOf(principal, "user:" + person.name(), person.groups());
            case Caller.Workload workload ->
                workload.launcher().equals(launcher)
                    && isOneOf(principal, "client:" + workload.client(), workload.groups());
            case Caller.Operator _, Caller.OfAgent _ -> false;
          };
    };
  }

  private static boolean isOneOf(Principal principal, String own, Set<String> groups) {
    String wanted = principal.toString();
    return wanted.equals(own)
        || (principal.kind() == Principal.Kind.GROUP && groups.contains(principal.name()));
  }

  /**
   * Whether the caller may name that owner under that policy. Whether the owner lives is asked
   * elsewhere.
   */
  static boolean mayName(Caller caller, String owner, Policy policy, Snapshot snapshot) {
    Optional<Principal> principal = Principal.of(owner);
    if (principal.isEmpty() || principal.get().kind() == Principal.Kind.CLIENT) {
      return false;
    }
    if (policy.owners().contains(principal.get())) {
      return true;
    }
    boolean group = principal.get().kind() == Principal.Kind.GROUP;
    String name = principal.get().name();
    return switch (caller) {
      case Caller.Operator _ -> true;
      case Caller.Person person ->
          group
              ? person.groups().contains(name) || snapshot.owners().isMember(person.name(), name)
              : name.equals(person.name());
      case Caller.Workload workload -> group && workload.groups().contains(name);
      case Caller.OfAgent _ -> false;
    };
  }
}
