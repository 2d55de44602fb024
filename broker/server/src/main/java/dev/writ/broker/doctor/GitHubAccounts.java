package dev.writ.broker.doctor;

import dev.writ.broker.github.GitHubProbe;
import dev.writ.broker.remote.Deadline;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;

/** Whether each account that policies name has an App; asks nobody. */
final class GitHubAccounts implements Examination {
  private final List<GitHubProbe> probes;
  private final Supplier<Wishes> wishes;

  GitHubAccounts(List<GitHubProbe> probes, Supplier<Wishes> wishes) {
    this.probes = probes;
    this.wishes = wishes;
  }

  @Override
  public Area area() {
    return Area.GITHUB;
  }

  @Override
  public String subject() {
    return "configuration";
  }

  @Override
  public List<Finding> examine(Deadline deadline) {
    SortedMap<String, List<String>> apps = new TreeMap<>();
    probes.forEach(probe ->
        probe
            .apps()
            .forEach(app ->
                probe
                    .accounts(app)
                    .forEach(one -> apps.computeIfAbsent(one, a -> new ArrayList<>()).add(app))));
    Wishes now = wishes.get();
    List<Finding> findings = new ArrayList<>();
    if (apps.isEmpty() && now.gitHub().isEmpty()) {
      findings.add(
          Finding.ok(Area.GITHUB, subject(), "No App is configured, and no policy names GitHub."));
    }
    apps.forEach((account, several) -> {
      if (several.size() > 1) {
        findings.add(
            Finding.ok(
                Area.GITHUB,
                account,
                several.size()
                    + " Apps share its load: "
                    + String.join(", ", several)
                    + ". Each needs all that policies ask for."));
      }
    });
    now.accounts().stream()
        .filter(account -> !apps.containsKey(account))
        .forEach(account ->
            findings.add(
                Finding.warn(
                    Area.GITHUB,
                    account,
                    "No App is configured for it, so what "
                        + policies(now, account)
                        + " grants there is refused.",
                    "Add it to accounts: of an App under github: in writ.yaml, and start the broker again.")));
    return findings;
  }

  private static String policies(Wishes wishes, String account) {
    return String.join(
        ", ", wishes.in(account).stream().map(Wishes.OfGitHub::policy).distinct().toList());
  }
}
