package dev.writ.policy;

import dev.writ.document.Durations;
import dev.writ.policy.Change.Effect;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * What differs between two versions of a policy, and whether it lets agents do more or less. Grants
 * are compared by what they allow and not by how they are written.
 */
public final class Comparison {
  private final Policy before;
  private final Policy after;
  private final List<Change> changes = new ArrayList<>();

  private Comparison(Policy before, Policy after) {
    this.before = before;
    this.after = after;
  }

  /** The changes, none if the two are equal; in the order of the language. */
  public static List<Change> of(Policy before, Policy after) {
    Comparison comparison = new Comparison(before, after);
    comparison.compare();
    return List.copyOf(comparison.changes);
  }

  /** The same where one of them may be missing: then nobody may do anything. */
  public static List<Change> of(Optional<Policy> before, Optional<Policy> after) {
    return before
        .or(() -> after.map(Policy::without))
        .flatMap(was -> after.or(() -> before.map(Policy::without)).map(is -> of(was, is)))
        .orElse(List.of());
  }

  private void compare() {
    description();
    lifetime("agent", "agents live", Lifetime::agent);
    lifetime("credential", "credentials live", Lifetime::credential);
    entries("/launch", before.launch(), after.launch(), "launch agents");
    entries("/owners", before.owners(), after.owners(), "be named as owner");
    delegation(before.delegation(), after.delegation());
    List<Change> granted = new GrantComparison(before, after).changes();
    changes.addAll(granted);
    if (granted.isEmpty() && !before.grants().equals(after.grants())) {
      changes.add(other("/grants", "grants are written differently, and allow the same as before"));
    }
  }

  private void description() {
    if (!before.description().equals(after.description())) {
      changes.add(
          new Change(
              "/description",
              before.description().map(text -> text),
              after.description().map(text -> text),
              Effect.OTHER,
              "the description is another"));
    }
  }

  private void lifetime(String name, String what, Function<Lifetime, Duration> part) {
    Duration was = part.apply(before.lifetime());
    Duration is = part.apply(after.lifetime());
    if (was.equals(is)) {
      return;
    }
    String from = Durations.print(was);
    String to = Durations.print(is);
    boolean longer = is.compareTo(was) > 0;
    String text = "%s up to %s, before %s".formatted(what, to, from);
    String pointer = "/lifetime/" + name;
    changes.add(
        longer ? Change.wider(pointer, from, to, text) : Change.narrower(pointer, from, to, text));
  }

  private <T> void entries(String pointer, List<T> was, List<T> is, String right) {
    for (int i = 0; i < is.size(); i++) {
      T entry = is.get(i);
      if (!was.contains(entry)) {
        changes.add(Change.added(pointer + "/" + i, entry.toString(), entry + " may now " + right));
      }
    }
    for (int i = 0; i < was.size(); i++) {
      T entry = was.get(i);
      if (!is.contains(entry)) {
        changes.add(
            Change.removed(pointer + "/" + i, entry.toString(), entry + " may no longer " + right));
      }
    }
  }

  private void delegation(Delegation was, Delegation is) {
    if (was.depth() != is.depth()) {
      String text =
          "children may stand %d below the root, before %d".formatted(is.depth(), was.depth());
      changes.add(
          is.depth() > was.depth()
              ? Change.wider("/delegation/depth", was.depth(), is.depth(), text)
              : Change.narrower("/delegation/depth", was.depth(), is.depth(), text));
    }
    entries("/delegation/policies", was.policies(), is.policies(), "be the policy of a child");
  }

  private static Change other(String pointer, String text) {
    return new Change(pointer, Optional.empty(), Optional.empty(), Effect.OTHER, text);
  }
}
