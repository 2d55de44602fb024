package dev.writ.broker.github;

import dev.writ.broker.exchange.Intent;
import dev.writ.broker.exchange.TestIntents;
import dev.writ.policy.GitHubGrant;
import dev.writ.policy.Level;
import dev.writ.policy.Permissions;
import dev.writ.policy.Repository;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/** What tests ask a minter for. */
final class Asked {
  static final Map<String, Level> READ = Map.of("contents", Level.READ);

  private Asked() {}

  /** Repositories of acme by their bare names. */
  static GitHubGrant grant(Map<String, Level> permissions, String... names) {
    List<Repository> repositories =
        Stream.of(names).map(name -> new Repository("acme", name)).toList();
    return new GitHubGrant(
        "acme", false, repositories, Permissions.of(permissions), Optional.empty());
  }

  static GitHubGrant everything(Map<String, Level> permissions) {
    return new GitHubGrant("acme", true, List.of(), Permissions.of(permissions), Optional.empty());
  }

  static Intent intent(GitHubGrant grant) {
    return intent(UUID.randomUUID(), grant, Duration.ofMinutes(10));
  }

  static Intent intent(UUID agent, GitHubGrant grant, Duration life) {
    return TestIntents.of(agent, grant, Instant.now().plus(life).truncatedTo(ChronoUnit.SECONDS));
  }
}
