package dev.writ.policy;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What two versions of a policy allow differently, target by target. */
final class GrantComparison {
  private static final int NAMES_SHOWN_MAX = 5;

  private final Policy before;
  private final Policy after;
  private final List<Change> changes = new ArrayList<>();

  GrantComparison(Policy before, Policy after) {
    this.before = before;
    this.after = after;
  }

  List<Change> changes() {
    each(
        before.authority().gitHub(),
        after.authority().gitHub(),
        account -> new GitHubAuthority(account, Permissions.NONE, new TreeMap<>()),
        this::gitHub);
    each(
        before.authority().aws(),
        after.authority().aws(),
        role -> new AwsAuthority(role, List.of(), List.of()),
        this::aws);
    each(
        before.authority().internal(),
        after.authority().internal(),
        audience -> new InternalAuthority(audience, Set.of()),
        this::internal);
    return changes;
  }

  private interface Compare<T> {
    void compare(T was, T is);
  }

  private static <T> void each(
      Map<String, T> was, Map<String, T> is, Function<String, T> nothing, Compare<T> compare) {
    TreeSet<String> targets = new TreeSet<>(was.keySet());
    targets.addAll(is.keySet());
    for (String target : targets) {
      compare.compare(
          was.getOrDefault(target, nothing.apply(target)),
          is.getOrDefault(target, nothing.apply(target)));
    }
  }

  /** Repositories whose permissions changed alike. */
  private record Step(Permissions was, Permissions is) {}

  private void gitHub(GitHubAuthority was, GitHubAuthority is) {
    Step everywhere = new Step(was.everywhere(), is.everywhere());
    Map<Step, List<String>> steps = new LinkedHashMap<>();
    steps
        .computeIfAbsent(everywhere, s -> new ArrayList<>())
        .add("every repository of " + is.account());
    TreeSet<Repository> repositories = new TreeSet<>(was.listed().keySet());
    repositories.addAll(is.listed().keySet());
    for (Repository repository : repositories) {
      Step step = new Step(was.at(repository), is.at(repository));
      if (!step.equals(everywhere)) {
        steps.computeIfAbsent(step, s -> new ArrayList<>()).add(repository.toString());
      }
    }
    String pointer =
        pointer(
            "github", grant -> grant instanceof GitHubGrant g && g.account().equals(is.account()));
    steps.forEach((step, names) -> gitHub(pointer, step, names));
  }

  private void gitHub(String pointer, Step step, List<String> names) {
    Map<String, Object> more = new TreeMap<>();
    Map<String, Object> less = new TreeMap<>();
    TreeSet<String> permissions = new TreeSet<>(step.was().levels().keySet());
    permissions.addAll(step.is().levels().keySet());
    for (String name : permissions) {
      Level from = step.was().levels().get(name);
      Level to = step.is().levels().get(name);
      if (from != to) {
        boolean wider = from == null || to != null && to.covers(from);
        (wider ? more : less).put(name, word(from) + " → " + word(to));
      }
    }
    for (Map<String, Object> some : List.of(more, less)) {
      if (!some.isEmpty()) {
        List<String> steps =
            some.entrySet().stream().map(e -> e.getKey() + " " + e.getValue()).toList();
        Object from = at(names, step.was(), some);
        Object to = at(names, step.is(), some);
        String text = sample(names) + ": " + String.join(", ", steps);
        changes.add(
            some == more
                ? Change.wider(pointer, from, to, text)
                : Change.narrower(pointer, from, to, text));
      }
    }
  }

  private static String word(@Nullable Level level) {
    return level == null ? "none" : level.word();
  }

  private static Map<String, Object> at(
      List<String> names, Permissions all, Map<String, Object> some) {
    Map<String, Object> words = new TreeMap<>(all.words());
    words.keySet().retainAll(some.keySet());
    return PolicyPrinter.ordered("repositories", names, "permissions", words);
  }

  private void aws(AwsAuthority was, AwsAuthority is) {
    String pointer =
        pointer("aws", grant -> grant instanceof AwsGrant g && g.role().equals(is.role()));
    List<Statement> gone =
        new ArrayList<>(was.allow().stream().filter(s -> beyond(s, is.allow())).toList());
    List<Statement> come =
        new ArrayList<>(is.allow().stream().filter(s -> beyond(s, was.allow())).toList());
    for (Statement statement : come) {
      List<Statement> part = was.allow().stream().filter(statement::subsumes).toList();
      changes.add(
          part.isEmpty()
              ? Change.added(
                  pointer, statement.details(), at(is.role()) + "new: " + text(statement))
              : Change.wider(
                  pointer,
                  details(part),
                  statement.details(),
                  at(is.role()) + text(statement) + ", before only " + texts(part)));
    }
    for (Statement statement : gone) {
      List<Statement> part = is.allow().stream().filter(statement::subsumes).toList();
      changes.add(
          part.isEmpty()
              ? Change.removed(
                  pointer, statement.details(), at(is.role()) + "no longer: " + text(statement))
              : Change.narrower(
                  pointer,
                  statement.details(),
                  details(part),
                  at(is.role()) + "only " + texts(part) + ", before " + text(statement)));
    }
  }

  /** Whether some action on some resource is allowed by none of the others. */
  private static boolean beyond(Statement statement, List<Statement> others) {
    for (AwsPattern action : statement.actions()) {
      for (AwsPattern resource : statement.resources()) {
        Statement pair = Statement.of(List.of(action), List.of(resource), statement.conditions());
        if (others.stream().noneMatch(other -> other.subsumes(pair))) {
          return true;
        }
      }
    }
    return false;
  }

  private static List<Object> details(List<Statement> statements) {
    return statements.stream().<Object>map(Statement::details).toList();
  }

  private static String at(String role) {
    return role.substring(role.indexOf(":role/") + 1) + ": ";
  }

  private static String text(Statement statement) {
    String text = sample(statement.actions()) + " on " + sample(statement.resources());
    return statement.conditions().isEmpty() ? text : text + " under conditions";
  }

  private static String texts(List<Statement> statements) {
    return String.join(
        " and ", statements.stream().limit(NAMES_SHOWN_MAX).map(GrantComparison::text).toList());
  }

  private void internal(InternalAuthority was, InternalAuthority is) {
    String pointer =
        pointer(
            "internal",
            grant -> grant instanceof InternalGrant g && g.audience().equals(is.audience()));
    List<String> come = without(is.scopes(), was.scopes());
    List<String> gone = without(was.scopes(), is.scopes());
    if (!come.isEmpty()) {
      changes.add(Change.added(pointer, come, is.audience() + ": new scopes " + sample(come)));
    }
    if (!gone.isEmpty()) {
      changes.add(
          Change.removed(pointer, gone, is.audience() + ": no longer the scopes " + sample(gone)));
    }
  }

  private static List<String> without(Set<String> scopes, Set<String> others) {
    return scopes.stream().filter(scope -> !others.contains(scope)).sorted().toList();
  }

  /** The first grant there, in the later version if it has one. */
  private String pointer(String kind, Predicate<Grant> there) {
    for (Policy policy : List.of(after, before)) {
      for (int i = 0; i < policy.written().size(); i++) {
        if (there.test(policy.written().get(i))) {
          return "/grants/" + i + "/" + kind;
        }
      }
    }
    return "/grants";
  }

  private static String sample(List<?> names) {
    String first =
        String.join(", ", names.stream().limit(NAMES_SHOWN_MAX).map(Object::toString).toList());
    int more = names.size() - NAMES_SHOWN_MAX;
    return more > 0 ? first + " and " + more + " more" : first;
  }
}
