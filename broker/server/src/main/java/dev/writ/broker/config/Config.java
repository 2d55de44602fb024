package dev.writ.broker.config;

import dev.writ.broker.keys.VaultSettings;
import dev.writ.broker.trust.TrustDomain;
import dev.writ.policy.LaunchRule;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Everything that a broker is told at its start. Defaults are filled in, paths are absolute.
 *
 * @param issuer public base URL without a path or a final slash; {@code https://localhost:<port>}
 *     when nothing was said
 * @param issuerIsDefault that nothing was said, so that the issuer follows the port (see {@link
 *     #onPort})
 * @param proxy for outgoing requests
 * @param database external; absent means embedded in {@code data}
 * @param admins who administers; empty with no launchers means the operator token
 */
public record Config(
    URI issuer,
    boolean issuerIsDefault,
    TrustDomain trustDomain,
    Listen listen,
    Path data,
    Optional<ExternalDatabase> database,
    Optional<URI> proxy,
    Source policies,
    Source owners,
    List<Launcher> launchers,
    List<Platform> platforms,
    Set<LaunchRule.By> admins,
    Set<LaunchRule.By> auditors,
    List<ResourceServer> resourceServers,
    Keys keys,
    Optional<VaultSettings> vault,
    List<GitHubApp> github,
    List<AwsAccount> aws,
    Limits limits) {

  public Config {
    launchers = List.copyOf(launchers);
    platforms = List.copyOf(platforms);
    admins = Set.copyOf(admins);
    auditors = Set.copyOf(auditors);
    resourceServers = List.copyOf(resourceServers);
    github = List.copyOf(github);
    aws = List.copyOf(aws);
  }

  /** The issuer that AWS sees unless an account's own configuration names another. */
  public URI stsIssuer() {
    return URI.create(issuer + "/sts");
  }

  /**
   * The same configuration on the port that the system gave where port 0 was asked for. A default
   * issuer follows it, and with it the AWS accounts that have no issuer of their own.
   */
  public Config onPort(int port) {
    URI moved = issuerIsDefault ? defaultIssuer(port) : issuer;
    return new Config(
        moved,
        issuerIsDefault,
        trustDomain,
        listen.onPort(port),
        data,
        database,
        proxy,
        policies,
        owners,
        launchers,
        platforms,
        admins,
        auditors,
        resourceServers,
        keys,
        vault,
        github,
        aws,
        limits);
  }

  static URI defaultIssuer(int port) {
    return URI.create("https://localhost:" + port);
  }
}
