package dev.writ.broker.doctor;

import dev.writ.broker.authority.Snapshots;
import dev.writ.broker.github.GitHubProbe;
import dev.writ.broker.store.Database;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** What there is to examine about a node. */
public record Examinations(
    List<GitHubProbe> gitHub, Database database, Snapshots snapshots, Clock clock) {

  public Doctor doctor() {
    List<Examination> all = new ArrayList<>();
    Supplier<Wishes> wishes = () -> Wishes.of(snapshots.current().policies().values());
    gitHub.forEach(
        probe -> probe.apps().forEach(app -> all.add(new GitHubApp(probe, app, wishes))));
    all.add(new GitHubAccounts(gitHub, wishes));
    all.add(new DatabaseClock(database));
    gitHub.forEach(
        probe -> all.add(new TargetClock("GitHub at " + probe.api().getAuthority(), probe::ahead)));
    all.add(new DatabaseExamination(database));
    return new Doctor(all, clock);
  }
}
