package dev.writ.policy;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Repositories of one account, and what to do with them.
 *
 * @param account their owner, in lower case; empty if all repositories of the only account are
 *     asked for
 * @param allRepositories every repository of the account; {@code repositories} is then empty
 * @param permissions absent: all that is granted on all of the repositories
 * @param asResource named by {@code resource=}: a repository that no grant names is then an invalid
 *     target
 */
public record GitHubRequest(
    Optional<String> account,
    boolean allRepositories,
    List<Repository> repositories,
    Optional<Permissions> permissions,
    boolean asResource)
    implements Request {

  public GitHubRequest {
    repositories = Lists.asSet(repositories);
    if (allRepositories != repositories.isEmpty()) {
      throw new IllegalArgumentException("either all repositories or some");
    }
  }

  /** One repository, with these permissions only. */
  public static GitHubRequest of(Repository repository, Permissions permissions) {
    return named(repository, Optional.of(permissions), false);
  }

  /** One repository, with all that is granted there; for {@code resource=}. */
  static GitHubRequest ofResource(Repository repository) {
    return named(repository, Optional.empty(), true);
  }

  private static GitHubRequest named(
      Repository repository, Optional<Permissions> permissions, boolean asResource) {
    return new GitHubRequest(
        Optional.of(repository.owner()), false, List.of(repository), permissions, asResource);
  }

  @Override
  public Map<String, Object> details() {
    Map<String, Object> details = new LinkedHashMap<>();
    details.put("type", "github");
    if (allRepositories) {
      account.ifPresent(name -> details.put("account", name));
    }
    details.put("repositories", allRepositories ? List.of("*") : Lists.texts(repositories));
    permissions.ifPresent(asked -> details.put("permissions", asked.words()));
    return details;
  }
}
