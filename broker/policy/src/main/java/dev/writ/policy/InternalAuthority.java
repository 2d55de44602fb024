package dev.writ.policy;

import static dev.writ.policy.Denial.Code.INVALID_SCOPE;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/** All the scopes that are allowed at one audience. */
record InternalAuthority(String audience, Set<String> scopes) {
  InternalAuthority {
    scopes = Set.copyOf(scopes);
  }

  static InternalAuthority of(InternalGrant grant) {
    return new InternalAuthority(grant.audience(), Set.copyOf(grant.scopes()));
  }

  InternalAuthority join(InternalAuthority other) {
    Set<String> either = new HashSet<>(scopes);
    either.addAll(other.scopes);
    return new InternalAuthority(audience, either);
  }

  InternalAuthority meet(InternalAuthority other) {
    Set<String> both = new HashSet<>(scopes);
    both.retainAll(other.scopes);
    return new InternalAuthority(audience, both);
  }

  /** What {@code request} means here: where it says nothing of scopes, all that there are. */
  InternalAuthority asked(InternalRequest request) {
    return request
        .scopes()
        .map(asked -> new InternalAuthority(audience, Set.copyOf(asked)))
        .orElse(this);
  }

  Judgement judge(InternalRequest request) {
    List<String> granted = request.scopes().orElseGet(() -> Lists.asSet(scopes));
    if (granted.isEmpty() || !scopes.containsAll(granted)) {
      return new Judgement.Refused(beyond(request, granted));
    }
    return new Judgement.Allowed(new InternalGrant(audience, granted));
  }

  private Denial beyond(InternalRequest request, List<String> asked) {
    List<String> missing = asked.stream().filter(Predicate.not(scopes::contains)).toList();
    String what =
        missing.isEmpty()
            ? "no scope is granted at " + audience
            : "not granted: " + String.join(" ", missing);
    String hint = what + "; ask only for scopes under \"allowed\", or have the policy changed";
    return Denial.of(INVALID_SCOPE, Rule.SCOPES, request, grants(), hint);
  }

  List<InternalGrant> grants() {
    return scopes.isEmpty() ? List.of() : List.of(new InternalGrant(audience, Lists.asSet(scopes)));
  }
}
