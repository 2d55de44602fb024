package dev.writ.policy;

import static dev.writ.policy.Denial.Code.ACCESS_DENIED;
import static dev.writ.policy.Denial.Code.INVALID_TARGET;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * All that is allowed in one account, repository by repository.
 *
 * @param everywhere on every repository, listed or not
 * @param listed on these, {@code everywhere} included; only those that have more
 */
record GitHubAuthority(
    String account, Permissions everywhere, SortedMap<Repository, Permissions> listed) {

  GitHubAuthority {
    SortedMap<Repository, Permissions> more = new TreeMap<>(listed);
    Permissions least = everywhere;
    more.replaceAll((repository, permissions) -> permissions.join(least));
    more.values().removeIf(least::equals);
    listed = Collections.unmodifiableSortedMap(more);
  }

  static GitHubAuthority of(GitHubGrant grant) {
    SortedMap<Repository, Permissions> listed = new TreeMap<>();
    grant.repositories().forEach(repository -> listed.put(repository, grant.permissions()));
    Permissions everywhere = grant.allRepositories() ? grant.permissions() : Permissions.NONE;
    return new GitHubAuthority(grant.account(), everywhere, listed);
  }

  Permissions at(Repository repository) {
    return listed.getOrDefault(repository, everywhere);
  }

  GitHubAuthority join(GitHubAuthority other) {
    SortedMap<Repository, Permissions> either = new TreeMap<>();
    for (Repository repository : repositoriesOfBoth(other)) {
      either.put(repository, at(repository).join(other.at(repository)));
    }
    return new GitHubAuthority(account, everywhere.join(other.everywhere), either);
  }

  GitHubAuthority meet(GitHubAuthority other) {
    SortedMap<Repository, Permissions> both = new TreeMap<>();
    for (Repository repository : repositoriesOfBoth(other)) {
      both.put(repository, at(repository).meet(other.at(repository)));
    }
    return new GitHubAuthority(account, everywhere.meet(other.everywhere), both);
  }

  private SortedSet<Repository> repositoriesOfBoth(GitHubAuthority other) {
    SortedSet<Repository> repositories = new TreeSet<>(listed.keySet());
    repositories.addAll(other.listed.keySet());
    return repositories;
  }

  /** What {@code request} means here: where it says nothing of permissions, all that there are. */
  GitHubAuthority asked(GitHubRequest request) {
    Optional<Permissions> permissions = request.permissions();
    if (request.allRepositories()) {
      return permissions.map(p -> new GitHubAuthority(account, p, new TreeMap<>())).orElse(this);
    }
    SortedMap<Repository, Permissions> asked = new TreeMap<>();
    for (Repository repository : request.repositories()) {
      asked.put(repository, permissions.orElseGet(() -> at(repository)));
    }
    return new GitHubAuthority(account, Permissions.NONE, asked);
  }

  Judgement judge(GitHubRequest request) {
    List<Permissions> there =
        request.allRepositories()
            ? List.of(everywhere)
            : request.repositories().stream().map(this::at).toList();
    if (there.stream().anyMatch(Permissions::isEmpty)) {
      return new Judgement.Refused(unlisted(request));
    }
    Permissions common = there.stream().reduce(Permissions::meet).orElse(Permissions.NONE);
    Permissions granted = request.permissions().orElse(common);
    if (granted.isEmpty() || !common.covers(granted)) {
      return new Judgement.Refused(beyond(request, common));
    }
    return new Judgement.Allowed(
        new GitHubGrant(
            account, request.allRepositories(), request.repositories(), granted, Optional.empty()));
  }

  private Denial unlisted(GitHubRequest request) {
    List<Repository> unlisted =
        request.repositories().stream().filter(r -> at(r).isEmpty()).toList();
    String what =
        request.allRepositories()
            ? "not all repositories of " + account + " are granted"
            : "not granted: " + sample(unlisted);
    return Denial.of(
        request.asResource() ? INVALID_TARGET : ACCESS_DENIED,
        Rule.REPOSITORIES,
        request,
        grants(),
        what + "; ask only for repositories under \"allowed\", or have the policy changed");
  }

  private Denial beyond(GitHubRequest request, Permissions common) {
    List<String> missing = new ArrayList<>();
    request
        .permissions()
        .orElse(Permissions.NONE)
        .levels()
        .forEach((name, level) -> {
          if (!common.covers(Permissions.of(Map.of(name, level)))) {
            missing.add(name + ": " + level.word());
          }
        });
    String what =
        missing.isEmpty()
            ? "no permission is granted on all of these repositories: ask for them one by one"
            : "not granted on all of these repositories: " + String.join(", ", missing);
    return Denial.of(
        ACCESS_DENIED,
        Rule.PERMISSIONS,
        request,
        meet(asked(withoutPermissions(request))).grants(),
        what + "; ask only for permissions under \"allowed\", or have the policy changed");
  }

  private static GitHubRequest withoutPermissions(GitHubRequest request) {
    return new GitHubRequest(
        request.account(),
        request.allRepositories(),
        request.repositories(),
        Optional.empty(),
        request.asResource());
  }

  private static String sample(List<Repository> repositories) {
    String first =
        String.join(", ", repositories.stream().limit(5).map(Repository::toString).toList());
    return repositories.size() <= 5 ? first : first + " and " + (repositories.size() - 5) + " more";
  }

  /** The same as grants, repositories with equal permissions in one. */
  List<GitHubGrant> grants() {
    List<GitHubGrant> grants = new ArrayList<>();
    if (!everywhere.isEmpty()) {
      grants.add(new GitHubGrant(account, true, List.of(), everywhere, Optional.empty()));
    }
    Map<String, List<Repository>> alike = new TreeMap<>();
    listed.forEach((repository, permissions) ->
        alike
            .computeIfAbsent(permissions.words().toString(), p -> new ArrayList<>())
            .add(repository));
    for (List<Repository> repositories : alike.values()) {
      Permissions permissions = at(repositories.get(0));
      grants.add(new GitHubGrant(account, false, repositories, permissions, Optional.empty()));
    }
    return grants;
  }
}
