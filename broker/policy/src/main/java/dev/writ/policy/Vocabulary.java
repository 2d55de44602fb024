package dev.writ.policy;

import java.util.List;

/** The words that policies are written with, for those who offer them to choose from. */
public final class Vocabulary {

  /**
   * A permission that a GitHub App can be given.
   *
   * @param levels what GitHub offers, lowest first
   * @param boundedByRepositories whether a grant's list of repositories bounds it
   * @param description what it is about
   */
  public record GitHubPermission(
      String name, List<Level> levels, boolean boundedByRepositories, String description) {}

  private Vocabulary() {}

  /** All that GitHub has, by name. */
  public static List<GitHubPermission> gitHubPermissions() {
    return KnownPermissions.names().stream().map(Vocabulary::gitHubPermission).toList();
  }

  private static GitHubPermission gitHubPermission(String name) {
    KnownPermissions.Known known = KnownPermissions.find(name).orElseThrow();
    return new GitHubPermission(
        name, List.copyOf(known.levels()), known.boundedByRepositories(), known.description());
  }
}
