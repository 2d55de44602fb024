package dev.writ.broker.doctor;

import dev.writ.broker.authority.PolicyVersion;
import dev.writ.policy.AwsGrant;
import dev.writ.policy.GitHubGrant;
import dev.writ.policy.Repository;
import dev.writ.policy.Statement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** What the policies in force can ask of targets. */
record Wishes(List<OfGitHub> gitHub, List<OfAws> aws) {

  /**
   * A grant at GitHub.
   *
   * @param policy such as {@code operator@7}
   */
  record OfGitHub(String policy, GitHubGrant grant) {}

  /** All that one policy grants in a role: what whoever names only the role asks for. */
  record OfAws(String policy, AwsGrant grant) {}

  static Wishes of(Collection<PolicyVersion> policies) {
    List<OfGitHub> gitHub = new ArrayList<>();
    List<OfAws> aws = new ArrayList<>();
    policies.stream()
        .sorted(Comparator.comparing(PolicyVersion::label))
        .forEach(policy -> {
          List<AwsGrant> roles = new ArrayList<>();
          policy
              .policy()
              .grants()
              .forEach(grant ->
                  grant.<Boolean>fold(
                      one -> gitHub.add(new OfGitHub(policy.label(), one)),
                      roles::add,
                      internal -> false));
          roles.stream()
              .collect(Collectors.groupingBy(AwsGrant::role, TreeMap::new, Collectors.toList()))
              .forEach((role, grants) -> aws.add(new OfAws(policy.label(), joined(role, grants))));
        });
    return new Wishes(List.copyOf(gitHub), List.copyOf(aws));
  }

  private static AwsGrant joined(String role, List<AwsGrant> grants) {
    List<Statement> all = grants.stream().flatMap(grant -> grant.allow().stream()).toList();
    return new AwsGrant(role, all);
  }

  List<OfGitHub> in(String account) {
    return gitHub.stream().filter(wish -> wish.grant.account().equals(account)).toList();
  }

  SortedSet<String> accounts() {
    return gitHub.stream()
        .map(wish -> wish.grant.account())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** Those that policies name in an account, {@code *} left aside. */
  List<Repository> named(String account) {
    return in(account).stream()
        .flatMap(wish -> wish.grant.repositories().stream())
        .distinct()
        .sorted()
        .toList();
  }

  /** The policies that name a repository. */
  String naming(Repository repository) {
    return gitHub.stream()
        .filter(wish -> wish.grant.repositories().contains(repository))
        .map(OfGitHub::policy)
        .distinct()
        .collect(Collectors.joining(", "));
  }
}
