package dev.writ.broker.github;

import dev.writ.document.Json;
import dev.writ.policy.GitHubGrant;
import dev.writ.policy.Level;
import dev.writ.policy.Permissions;
import dev.writ.policy.Repository;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The body of {@code POST /app/installations/{id}/access_tokens}. GitHub reads what is absent or
 * empty as everything that the installation has, so a body that would say nothing cannot be made.
 */
sealed interface MintRequest {
  /** GitHub's own. */
  int REPOSITORIES_MAX = 500;

  Permissions METADATA = Permissions.of(Map.of("metadata", Level.READ));

  /** What a token made for this may do at most. */
  Permissions permissions();

  Map<String, Object> body();

  /** What is too much about a repository that the token is for, if anything is. */
  Optional<String> excess(long id, String fullName);

  default String json() {
    return Json.write(body());
  }

  /**
   * For an agent: these repositories, whatever they are called now.
   *
   * @param names under which each id was asked for; none where all were
   */
  record Ids(SortedMap<Long, List<Repository>> names, Permissions permissions)
      implements MintRequest {
    public Ids {
      names = Collections.unmodifiableSortedMap(new TreeMap<>(names));
      refuseEmpty(names.keySet(), permissions);
    }

    @Override
    public Map<String, Object> body() {
      Map<String, Object> body = new LinkedHashMap<>();
      body.put("repository_ids", List.copyOf(names.keySet()));
      body.put("permissions", permissions.words());
      return body;
    }

    @Override
    public Optional<String> excess(long id, String fullName) {
      return names.containsKey(id)
          ? Optional.empty()
          : Optional.of("it is for the repository " + id + ", too");
    }
  }

  /** For the broker, to learn the ids behind names: reads nothing but metadata. */
  record Names(List<Repository> repositories) implements MintRequest {
    public Names {
      repositories = List.copyOf(repositories);
      refuseEmpty(repositories, METADATA);
    }

    @Override
    public Permissions permissions() {
      return METADATA;
    }

    @Override
    public Map<String, Object> body() {
      Map<String, Object> body = new LinkedHashMap<>();
      body.put("repositories", repositories.stream().map(Repository::name).toList());
      body.put("permissions", METADATA.words());
      return body;
    }

    @Override
    public Optional<String> excess(long id, String fullName) {
      return repositories.stream().anyMatch(one -> one.toString().equalsIgnoreCase(fullName))
          ? Optional.empty()
          : Optional.of("it is for the repository " + id + ", too");
    }
  }

  /**
   * For the broker, to list what an installation has, where a policy says {@code "*"}: the only
   * request without repositories, and it reads nothing but metadata.
   */
  record Listing() implements MintRequest {
    @Override
    public Permissions permissions() {
      return METADATA;
    }

    @Override
    public Map<String, Object> body() {
      return Map.of("permissions", METADATA.words());
    }

    @Override
    public Optional<String> excess(long id, String fullName) {
      return Optional.empty();
    }
  }

  /** Whether these permissions are no more than what is asked for and what GitHub adds unasked. */
  default boolean tolerates(Permissions answered) {
    return new GitHubGrant("", true, List.of(), permissions(), Optional.empty())
        .tolerates(answered);
  }

  private static void refuseEmpty(Collection<?> repositories, Permissions permissions) {
    if (repositories.isEmpty()
        || repositories.size() > REPOSITORIES_MAX
        || permissions.levels().isEmpty()) {
      throw new IllegalArgumentException(
          "1 to " + REPOSITORIES_MAX + " repositories and at least one permission");
    }
  }
}
