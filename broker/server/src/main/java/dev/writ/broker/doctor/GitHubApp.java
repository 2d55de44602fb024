package dev.writ.broker.doctor;

import dev.writ.broker.github.GitHubProbe;
import dev.writ.broker.github.GitHubProbe.AppFacts;
import dev.writ.broker.github.GitHubProbe.InstallationFacts;
import dev.writ.broker.github.RepositoryProbe.Reach;
import dev.writ.broker.remote.Deadline;
import dev.writ.broker.remote.Learnt;
import dev.writ.policy.Repository;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** One App: its key, its installations, and what policies want of them. */
final class GitHubApp implements Examination {
  private static final String ITS_PAGE =
      "Compare app-id:, key: and api: in writ.yaml with the App's page at GitHub (docs/github.md).";

  private final GitHubProbe probe;
  private final String id;
  private final Supplier<Wishes> wishes;

  GitHubApp(GitHubProbe probe, String id, Supplier<Wishes> wishes) {
    this.probe = probe;
    this.id = id;
    this.wishes = wishes;
  }

  @Override
  public Area area() {
    return Area.GITHUB;
  }

  @Override
  public String subject() {
    return "App " + id;
  }

  @Override
  public List<Finding> examine(Deadline deadline) {
    return switch (probe.app(id, deadline)) {
      case Learnt.Unknown<AppFacts>(Learnt.Cause cause, String why) ->
          List.of(Finding.fail(area(), subject(), why + ".", Remedies.of(cause, ITS_PAGE)));
      case Learnt.Known<AppFacts>(AppFacts app) -> {
        List<Finding> findings = new ArrayList<>();
        findings.add(
            Finding.ok(
                area(), subject(), "GitHub at " + probe.api() + " accepts what its key signs."));
        findings.addAll(
            SideBySide.all(probe.accounts(id), account -> account(app, account, deadline)));
        yield findings;
      }
    };
  }

  private List<Finding> account(AppFacts app, String account, Deadline deadline) {
    String subject = account + " (App " + id + ")";
    return switch (probe.installation(id, account, deadline)) {
      case Learnt.Unknown<InstallationFacts>(Learnt.Cause cause, String why) ->
          List.of(
              Finding.fail(
                  area(),
                  subject,
                  why + ".",
                  Remedies.of(
                      cause,
                      "Let an owner of "
                          + account
                          + " install the App, or correct accounts: in writ.yaml.")));
      case Learnt.Known<InstallationFacts>(InstallationFacts found) ->
          found
              .suspendedAt()
              .map(since -> List.of(suspended(subject, account, since)))
              .orElseGet(() -> installed(app, account, subject, found, deadline));
    };
  }

  private static Finding suspended(String subject, String account, String since) {
    return Finding.fail(
        Area.GITHUB,
        subject,
        "The installation is suspended since " + since + ", so GitHub gives no token for it.",
        "Let an owner of " + account + " lift that: its settings, GitHub Apps, Configure.");
  }

  private List<Finding> installed(
      AppFacts app, String account, String subject, InstallationFacts found, Deadline deadline) {
    GitHubFindings findings = new GitHubFindings(id, account, subject, wishes.get());
    List<Finding> all = new ArrayList<>(findings.permissions(app, found));
    List<Repository> named = wishes.get().named(account);
    switch (probe.reach(id, account, found, named, deadline)) {
      case Learnt.Unknown<Reach>(Learnt.Cause cause, String why) -> {
        all.add(0, findings.installed(found));
        all.add(Finding.fail(area(), subject, why + ".", Remedies.of(cause, ITS_PAGE)));
      }
      case Learnt.Known<Reach>(Reach reach) -> {
        all.add(0, findings.installed(found, reach));
        all.addAll(findings.repositories(found, reach));
        all.addAll(findings.quota(reach));
      }
    }
    return all;
  }
}
