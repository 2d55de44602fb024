package dev.writ.policy;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Permissions on repositories of one GitHub account.
 *
 * @param account owner of the repositories, in lower case
 * @param allRepositories every repository of the installation; {@code repositories} is then empty
 * @param repositories those meant, sorted; none allows nothing
 * @param iKnow the reason given beside something dangerous; empty in all that is derived from a
 *     policy
 */
public record GitHubGrant(
    String account,
    boolean allRepositories,
    List<Repository> repositories,
    Permissions permissions,
    Optional<String> iKnow)
    implements Grant {
  /** GitHub adds this to every token without being asked. */
  private static final Map<String, Level> ADDED_UNASKED = Map.of("metadata", Level.READ);

  public GitHubGrant {
    repositories = Lists.asSet(repositories);
    if (allRepositories && !repositories.isEmpty()) {
      throw new IllegalArgumentException("either all repositories or some");
    }
  }

  /**
   * Whether what GitHub says it granted is within this; {@code metadata: read}, which it adds, is
   * tolerated.
   */
  public boolean tolerates(Permissions answered) {
    return permissions.join(Permissions.of(ADDED_UNASKED)).covers(answered);
  }

  /** The repositories as documents write them: {@code *} for all. */
  List<Object> repositoryTexts() {
    return allRepositories ? List.of("*") : Lists.texts(repositories);
  }

  @Override
  public Map<String, Object> details() {
    Map<String, Object> details = new LinkedHashMap<>();
    details.put("type", "github");
    if (allRepositories) {
      details.put("account", account);
    }
    details.put("repositories", repositoryTexts());
    details.put("permissions", permissions.words());
    return details;
  }
}
