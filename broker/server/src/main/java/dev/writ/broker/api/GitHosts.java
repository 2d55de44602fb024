package dev.writ.broker.api;

import dev.writ.policy.Asked;
import dev.writ.policy.GitHubRequest;
import dev.writ.policy.Requests;
import java.util.Map;
import java.util.Set;

/**
 * Where git clones from. An account that is configured at one GitHub is never meant by an address
 * at another: whoever asks for a credential of one host sends it there.
 */
public final class GitHosts {
  private final Set<String> hosts;
  private final Map<String, String> hostOfAccount;

  /**
   * @param hosts all that may be named, with ports where they have one
   * @param hostOfAccount by account in lower case; an account that is not configured may be named
   *     at any of the hosts
   */
  public GitHosts(Set<String> hosts, Map<String, String> hostOfAccount) {
    this.hosts = Set.copyOf(hosts);
    this.hostOfAccount = Map.copyOf(hostOfAccount);
  }

  Set<String> all() {
    return hosts;
  }

  /** {@code resource=} as {@link Requests#resource} reads it. */
  Asked resource(String resource) {
    Asked asked = Requests.resource(resource, hosts);
    return asked instanceof Asked.For(GitHubRequest repository)
        ? Requests.resource(resource, hosts(repository))
        : asked;
  }

  private Set<String> hosts(GitHubRequest repository) {
    return repository
        .account()
        .filter(hostOfAccount::containsKey)
        .map(account -> Set.of(hostOfAccount.getOrDefault(account, "")))
        .orElse(hosts);
  }
}
