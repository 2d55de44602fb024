package dev.writ.broker;

import dev.writ.broker.authority.Snapshots;
import dev.writ.broker.aws.AwsMinter;
import dev.writ.broker.doctor.Examinations;
import dev.writ.broker.doctor.IssuerCopy;
import dev.writ.broker.doctor.IssuerWatch;
import dev.writ.broker.exchange.Minter;
import dev.writ.broker.github.GitHubMinter;
import dev.writ.broker.github.GitHubQuota;
import dev.writ.broker.github.RepositoryBindings;
import dev.writ.broker.store.Database;
import dev.writ.broker.token.WebIdentityTokens;
import dev.writ.broker.trust.TrustDomain;
import java.net.URI;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;

/**
 * What this node gets credentials from.
 *
 * @param minters all of them
 * @param copies what is published of the issuers that AWS trusts
 */
record Targets(
    List<Minter> minters, List<GitHubMinter> gitHub, List<AwsMinter> aws, List<IssuerCopy> copies) {

  /**
   * Those that are configured, and others that are somebody else's to close.
   *
   * @throws dev.writ.broker.keys.KeyException if the key of one cannot be had
   */
  static Targets open(
      Opened opened,
      Setup setup,
      KeyDesk desk,
      Snapshots snapshots,
      RepositoryBindings repositories,
      GitHubQuota quota,
      List<Minter> others,
      Clock clock) {
    List<GitHubMinter> gitHub = setup.gitHub(desk::signer, repositories, quota, clock);
    desk.apps(gitHub);
    gitHub.forEach(opened::add);
    List<AwsMinter> aws =
        setup.aws(new WebIdentityTokens(() -> snapshots.current().stsKeys()), clock);
    aws.forEach(opened::add);
    List<IssuerCopy> copies = setup.issuerCopies(() -> snapshots.current().stsKeys());
    copies.forEach(opened::add);
    List<Minter> minters = new ArrayList<>(others);
    minters.addAll(gitHub);
    minters.addAll(aws);
    return new Targets(minters, gitHub, aws, copies);
  }

  /** Looks at the copies that others publish. */
  IssuerWatch issuerWatch(URI own) {
    return new IssuerWatch(copies.stream().filter(copy -> !copy.issuer().equals(own)).toList());
  }

  Examinations examinations(
      TrustDomain trustDomain, Database database, Snapshots snapshots, Clock clock) {
    return new Examinations(
        gitHub.stream().map(GitHubMinter::probe).toList(),
        aws.stream().map(one -> one.probe(trustDomain)).toList(),
        copies,
        database,
        snapshots,
        clock);
  }
}
