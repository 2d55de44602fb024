package dev.writ.broker.doctor;

import dev.writ.broker.authority.Snapshots;
import dev.writ.broker.aws.AwsProbe;
import dev.writ.broker.github.GitHubProbe;
import dev.writ.broker.store.Database;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * What there is to examine about a node.
 *
 * @param copies of the issuers that the accounts trust, each once
 */
public record Examinations(
    List<GitHubProbe> gitHub,
    List<AwsProbe> aws,
    List<IssuerCopy> copies,
    Database database,
    Snapshots snapshots,
    Clock clock) {

  public Doctor doctor() {
    List<Examination> all = new ArrayList<>();
    Supplier<Wishes> wishes = () -> Wishes.of(snapshots.current().policies().values());
    gitHub.forEach(
        probe -> probe.apps().forEach(app -> all.add(new GitHubApp(probe, app, wishes))));
    all.add(new GitHubAccounts(gitHub, wishes));
    aws.forEach(probe -> all.add(new AwsAccount(probe, copy(probe), wishes)));
    all.add(new AwsRoles(aws, wishes));
    all.add(new DatabaseClock(database));
    gitHub.forEach(
        probe -> all.add(new TargetClock("GitHub at " + probe.api().getAuthority(), probe::ahead)));
    aws.forEach(
        probe -> all.add(new TargetClock("STS at " + probe.sts().getAuthority(), probe::ahead)));
    all.add(new DatabaseExamination(database));
    return new Doctor(all, clock);
  }

  private IssuerCopy copy(AwsProbe probe) {
    return copies.stream()
        .filter(copy -> copy.issuer().equals(probe.issuer()))
        .findFirst()
        .orElseThrow();
  }
}
