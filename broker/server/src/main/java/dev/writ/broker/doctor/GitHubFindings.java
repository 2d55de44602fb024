package dev.writ.broker.doctor;

import dev.writ.broker.github.GitHubProbe.AppFacts;
import dev.writ.broker.github.GitHubProbe.InstallationFacts;
import dev.writ.broker.github.GitHubQuota;
import dev.writ.broker.github.RepositoryProbe.Reach;
import dev.writ.broker.github.RepositoryState;
import dev.writ.policy.Level;
import dev.writ.policy.Permissions;
import dev.writ.policy.Repository;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/** What one installation's facts mean for the policies that name its account. */
final class GitHubFindings {
  /** GitHub makes tokens for so many at most. */
  private static final int ALL_MAX = 500;

  /** Repositories in trouble that are told of one by one. */
  private static final int TOLD_MAX = 20;

  private static final int QUOTA_LOW_PERCENT = 10;

  private final String app;
  private final String account;
  private final String subject;
  private final Wishes wishes;

  GitHubFindings(String app, String account, String subject, Wishes wishes) {
    this.app = app;
    this.account = account;
    this.subject = subject;
    this.wishes = wishes;
  }

  Finding installed(InstallationFacts found) {
    return ok("The App is installed, for " + found.selection() + " repositories.");
  }

  Finding installed(InstallationFacts found, Reach reach) {
    String which = found.selection().equals("all") ? "all" : "selected";
    if (reach.total() == 0) {
      return warn(
          "The App is installed, and reaches no repository.",
          "Let an owner of " + account + " select some: its settings, GitHub Apps, Configure.");
    }
    return ok("The App is installed, for %s repositories (%d).".formatted(which, reach.total()));
  }

  /** What each policy wants and the account has not granted. */
  List<Finding> permissions(AppFacts facts, InstallationFacts found) {
    List<Finding> findings = new ArrayList<>();
    Set<String> wanted = new HashSet<>(Set.of("metadata"));
    for (Wishes.OfGitHub wish : wishes.in(account)) {
      SortedMap<String, Level> missing = new TreeMap<>();
      wish.grant()
          .permissions()
          .levels()
          .forEach((name, level) -> {
            wanted.add(name);
            if (!covers(found.permissions(), name, level)) {
              missing.put(name, level);
            }
          });
      if (!missing.isEmpty()) {
        findings.add(missing(wish.policy(), missing, facts, found));
      }
    }
    if (findings.isEmpty()) {
      findings.add(enough(found, wanted));
    }
    return findings;
  }

  private Finding missing(
      String policy, SortedMap<String, Level> missing, AppFacts facts, InstallationFacts found) {
    List<String> words = new ArrayList<>();
    missing.forEach((name, level) ->
        words.add(
            "%s: %s (granted: %s)"
                .formatted(
                    name,
                    level.word(),
                    Optional.ofNullable(found.permissions().levels().get(name))
                        .map(Level::word)
                        .orElse("none"))));
    boolean asked =
        missing.entrySet().stream()
            .allMatch(one -> covers(facts.permissions(), one.getKey(), one.getValue()));
    return Finding.fail(
        Area.GITHUB,
        subject,
        policy + " wants more than is granted: " + String.join(", ", words) + ".",
        asked
            ? "The App asks for it already: let an owner of "
                + account
                + " accept the App's new permissions."
            : "Add it to the permissions of App "
                + app
                + " (its page, Permissions & events); then an owner of "
                + account
                + " accepts it.");
  }

  private Finding enough(InstallationFacts found, Set<String> wanted) {
    List<Wishes.OfGitHub> here = wishes.in(account);
    if (here.isEmpty()) {
      return warn(
          "No policy in force names it, so nobody is given anything there.",
          "Grant something there in a policy, or take it from accounts: in writ.yaml.");
    }
    Set<String> spare = new TreeSet<>(found.permissions().levels().keySet());
    spare.removeAll(wanted);
    String more =
        spare.isEmpty()
            ? ""
            : " None asks for " + String.join(", ", spare) + ", which is granted, too.";
    return ok(
        "The permissions granted cover what "
            + String.join(", ", new TreeSet<>(here.stream().map(Wishes.OfGitHub::policy).toList()))
            + " can ask for."
            + more);
  }

  private static boolean covers(Permissions granted, String name, Level level) {
    return granted.covers(Permissions.of(Map.of(name, level)));
  }

  List<Finding> repositories(InstallationFacts found, Reach reach) {
    List<Finding> findings = new ArrayList<>();
    List<Finding> troubles =
        reach.states().entrySet().stream()
            .flatMap(one -> trouble(found, one.getKey(), one.getValue()).stream())
            .toList();
    findings.addAll(troubles.stream().limit(TOLD_MAX).toList());
    if (troubles.size() > TOLD_MAX) {
      findings.add(
          fail(
              (troubles.size() - TOLD_MAX) + " more repositories are in trouble.",
              "Mend those above first, and ask again."));
    }
    long reached = reach.states().values().stream().filter(GitHubFindings::works).count();
    if (reached > 0) {
      findings.add(
          ok(
              "%d of %d repositories that policies name are reached."
                  .formatted(reached, reach.states().size())));
    }
    if (!reach.leftOut().isEmpty()) {
      findings.add(
          warn(
              "%d repositories that policies name were left out: too many for one look."
                  .formatted(reach.leftOut().size()),
              "Mend what is told above, and ask again."));
    }
    all(reach).ifPresent(findings::add);
    return findings;
  }

  private static boolean works(RepositoryState state) {
    return switch (state) {
      case RepositoryState.Reached _, RepositoryState.Renamed _ -> true;
      case RepositoryState.Lost _, RepositoryState.Unreachable _ -> false;
    };
  }

  private Optional<Finding> all(Reach reach) {
    return wishes.in(account).stream()
        .filter(wish -> wish.grant().allRepositories() && reach.total() > ALL_MAX)
        .findFirst()
        .map(wish ->
            fail(
                "%s grants all repositories. They are %d, and GitHub makes tokens for %d at most, so that is refused."
                    .formatted(wish.policy(), reach.total(), ALL_MAX),
                "Name the repositories in the policy, or select fewer for the installation."));
  }

  private Optional<Finding> trouble(
      InstallationFacts found, Repository repository, RepositoryState state) {
    String policies = wishes.naming(repository);
    return switch (state) {
      case RepositoryState.Reached _ -> Optional.empty();
      case RepositoryState.Renamed(long id, String now) ->
          Optional.of(
              warn(
                  "%s, which %s names, is now %s. It is still meant (id %d)."
                      .formatted(repository, policies, now, id),
                  "Write the new name in the policy, so that people know what it means."));
      case RepositoryState.Lost(long id, Optional<Long> other) ->
          Optional.of(
              fail(
                  "%s, which %s names, is bound to id %d, which is no longer there or not selected%s."
                      .formatted(
                          repository,
                          policies,
                          id,
                          other.map(now -> "; the name belongs to id " + now + " now").orElse("")),
                  other.isPresent()
                      ? "If that one is meant, forget the binding: DELETE /v1/github/repositories/"
                          + repository
                          + "."
                      : "Select it for the installation again, or take it out of the policy."));
      case RepositoryState.Unreachable() ->
          Optional.of(
              fail(
                  "%s, which %s names, is not reached: mistyped, not there, or not selected for the installation."
                      .formatted(repository, policies),
                  found.selection().equals("all")
                      ? "Correct the name in the policy."
                      : "Correct the name in the policy, or let an owner of "
                          + account
                          + " select it: its settings, GitHub Apps, Configure."));
    };
  }

  List<Finding> quota(Reach reach) {
    return reach.quota().stream().map(this::quota).toList();
  }

  private Finding quota(GitHubQuota.Seen seen) {
    String left =
        "%d of %d requests are left in this hour, for all agents together."
            .formatted(seen.remaining(), seen.limit());
    boolean low = seen.remaining() * 100 < seen.limit() * QUOTA_LOW_PERCENT;
    return low ? warn(left, "Let another App share the load (docs/github.md, Quotas).") : ok(left);
  }

  private Finding ok(String found) {
    return Finding.ok(Area.GITHUB, subject, found);
  }

  private Finding warn(String found, String remedy) {
    return Finding.warn(Area.GITHUB, subject, found, remedy);
  }

  private Finding fail(String found, String remedy) {
    return Finding.fail(Area.GITHUB, subject, found, remedy);
  }
}
