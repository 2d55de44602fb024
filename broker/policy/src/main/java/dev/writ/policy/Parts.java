package dev.writ.policy;

import dev.writ.document.Nearest;
import dev.writ.document.Quoted;
import dev.writ.document.Value;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * Reads what policies and requests have in common. In a policy an empty list allows nothing; in a
 * request it is refused.
 */
enum Parts {
  OF_POLICY,
  OF_REQUEST;

  static final int REPOSITORIES_MAX = 500;
  static final int SCOPES_MAX = 100;
  static final int STATEMENTS_MAX = 32;
  static final int PATTERNS_MAX = 64;
  private static final int PERMISSIONS_MAX = 100;
  private static final String EMPTY =
      "nothing is asked for: leave this out to ask for all that is granted, or say what is needed";

  /**
   * @param account the one owner of all of them, if there is one
   */
  record Named(boolean all, List<Repository> repositories, Optional<String> account) {}

  /** Repositories of one account: {@code *} alone, or names. */
  Named repositories(Value value, Optional<String> account) {
    List<Value> items =
        this == OF_POLICY
            ? value.itemsOrOne(REPOSITORIES_MAX)
            : filled(value, value.items(REPOSITORIES_MAX));
    List<Repository> repositories = new ArrayList<>();
    Optional<String> owner = account;
    boolean all = false;
    for (Value item : items) {
      Optional<Wanted> wanted =
          item.parsed("\"*\" alone or " + Repository.EXPECTED, text -> wanted(text));
      if (wanted.isEmpty()) {
        continue;
      }
      all |= wanted.get().repository().isEmpty();
      wanted.get().repository().ifPresent(repositories::add);
      owner = sameOwner(item, owner, wanted.get().owner());
    }
    if (all && items.size() > 1) {
      value.problem("\"*\" has all repositories already: let it stand alone, or name them");
    }
    return new Named(all, all ? List.of() : repositories, owner);
  }

  /** One entry: everything (of the owner, if one is named) or one repository. */
  private record Wanted(Optional<String> owner, Optional<Repository> repository) {}

  private Optional<Wanted> wanted(String text) {
    if (text.equals("*")) {
      return Optional.of(new Wanted(Optional.empty(), Optional.empty()));
    }
    if (this == OF_REQUEST && text.endsWith("/*")) {
      return Repository.account(text.substring(0, text.length() - 2))
          .map(owner -> new Wanted(Optional.of(owner), Optional.empty()));
    }
    return Repository.of(text)
        .map(repository -> new Wanted(Optional.of(repository.owner()), Optional.of(repository)));
  }

  private static Optional<String> sameOwner(
      Value item, Optional<String> expected, Optional<String> owner) {
    if (expected.isPresent() && owner.isPresent() && !expected.equals(owner)) {
      item.problem(
          "expected a repository of " + Quoted.of(expected.get()) + ": one account at a time");
    }
    return expected.or(() -> owner);
  }

  Permissions permissions(Value value) {
    Map<String, Value> entries = value.entries(PERMISSIONS_MAX);
    if (this == OF_REQUEST && value.isPresent() && entries.isEmpty()) {
      value.problem(EMPTY);
    }
    Map<String, Level> levels = new TreeMap<>();
    entries.forEach(
        (name, level) -> level(name, level).ifPresent(known -> levels.put(name, known)));
    return Permissions.of(levels);
  }

  private Optional<Level> level(String name, Value value) {
    Optional<KnownPermissions.Known> known = KnownPermissions.find(name);
    if (known.isEmpty()) {
      String hint = Nearest.hint(name, KnownPermissions.names());
      value.problem("unknown GitHub permission " + Quoted.of(name) + hint);
      return Optional.empty();
    }
    List<String> offered = known.get().levels().stream().map(Level::word).toList();
    return value.oneOf(this == OF_POLICY ? offered : askable(known.get())).flatMap(Level::of);
  }

  /** What GitHub offers and, so that it is refused as beyond the policy, what is higher. */
  private static List<String> askable(KnownPermissions.Known known) {
    Level lowest = Collections.min(known.levels());
    return Level.WORDS.subList(lowest.ordinal(), Level.WORDS.size());
  }

  List<AwsPattern> actions(Value value) {
    return list(value, PATTERNS_MAX, AwsPattern.ACTION_EXPECTED, AwsPattern::action);
  }

  List<AwsPattern> resources(Value value) {
    return list(value, PATTERNS_MAX, AwsPattern.RESOURCE_EXPECTED, AwsPattern::resource);
  }

  List<String> scopes(Value value) {
    return list(value, SCOPES_MAX, Syntax.SCOPE_EXPECTED, Syntax::scope);
  }

  private <T> List<T> list(
      Value value, int max, String expected, Function<String, Optional<T>> parser) {
    return filled(value, value.items(max)).stream()
        .flatMap(item -> item.parsed(expected, parser).stream())
        .toList();
  }

  List<Value> filled(Value value, List<Value> items) {
    if (this == OF_REQUEST && value.isEmptyList()) {
      value.problem(EMPTY);
    }
    return items;
  }
}
