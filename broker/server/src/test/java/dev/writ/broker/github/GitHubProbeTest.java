package dev.writ.broker.github;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.writ.broker.github.GitHubProbe.InstallationFacts;
import dev.writ.broker.github.RepositoryProbe.Reach;
import dev.writ.broker.remote.Deadline;
import dev.writ.broker.remote.Learnt;
import dev.writ.broker.store.TestDatabase;
import dev.writ.policy.Repository;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class GitHubProbeTest {
  @RegisterExtension static final TestDatabase DATABASE = TestDatabase.migrated();

  @RegisterExtension final HubExtension hub = new HubExtension(DATABASE);

  private static Deadline soon() {
    return Deadline.in(Duration.ofSeconds(8));
  }

  private String app() {
    return String.valueOf(hub.app.id());
  }

  private static <T> T known(Learnt<T> learnt) {
    return switch (learnt) {
      case Learnt.Known<T>(T value) -> value;
      case Learnt.Unknown<T> unknown -> throw new AssertionError(unknown);
    };
  }

  private Learnt<Reach> reach(GitHubProbe probe, List<Repository> named) {
    InstallationFacts installation = known(probe.installation(app(), "acme", soon()));
    return probe.reach(app(), "acme", installation, named, soon());
  }

  @Test
  void a_clock_that_is_off_is_told_in_seconds_and_named_as_the_cause() {
    try (GitHubMinter minter = hub.minter()) {
      hub.advance(Duration.ofMinutes(5));

      Duration ahead = known(minter.probe().ahead(soon()));
      Learnt<GitHubProbe.AppFacts> refused = minter.probe().app(app(), soon());

      assertEquals(300, ahead.toSeconds(), 2);
      assertTrue(
          refused instanceof Learnt.Unknown<GitHubProbe.AppFacts>(Learnt.Cause cause, String why)
              && cause == Learnt.Cause.REFUSED
              && why.matches(".*clock is (299|300|301) s ahead of GitHub's.*"),
          refused::toString);
    }
  }

  @Test
  void a_quota_that_is_used_up_is_told_with_the_time_of_its_reset_and_then_nobody_asks() {
    hub.installation.quota(0);
    try (GitHubMinter minter = hub.minter()) {
      Learnt<Reach> used = reach(minter.probe(), List.of());
      int asked = hub.github.requests().size();
      Learnt<InstallationFacts> again = minter.probe().installation(app(), "acme", soon());

      assertTrue(
          used instanceof Learnt.Unknown<Reach>(Learnt.Cause cause, String why)
              && cause == Learnt.Cause.LATER
              && why.contains("quota of App " + app() + " in acme is used up")
              && why.contains("not asked before 20"),
          used::toString);
      assertTrue(again.toString().contains("LATER"), again::toString);
      assertEquals(asked, hub.github.requests().size());
    }
  }

  @Test
  void one_bad_name_among_three_hundred_is_found_with_few_requests() {
    List<Repository> named = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      hub.acme.repository("r" + i);
      named.add(Repository.of("acme/r" + i).orElseThrow());
    }
    named.set(137, Repository.of("acme/typo").orElseThrow());
    try (GitHubMinter minter = hub.minter()) {
      Reach reach = known(reach(minter.probe(), named));

      assertEquals(List.of(), reach.leftOut());
      assertEquals(
          List.of(Repository.of("acme/typo").orElseThrow()),
          reach.states().entrySet().stream()
              .filter(one -> one.getValue() instanceof RepositoryState.Unreachable)
              .map(one -> one.getKey())
              .toList());
      assertTrue(hub.github.mints().size() < 25, () -> hub.github.mints().size() + " mints");
      assertEquals(List.of(), hub.github.liveTokens());
      assertEquals(303, reach.total());
    }
  }

  @Test
  void so_many_bad_names_that_they_would_cost_too_much_are_left_out_and_counted() {
    List<Repository> named = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      named.add(Repository.of("acme/typo" + i).orElseThrow());
    }
    try (GitHubMinter minter = hub.minter()) {
      Reach reach = known(reach(minter.probe(), named));

      assertEquals(300, reach.leftOut().size() + reach.states().size());
      assertTrue(reach.leftOut().size() > 200);
      assertTrue(reach.states().size() > 5, () -> reach.states().toString());
      assertTrue(hub.github.mints().size() <= 41, () -> hub.github.mints().size() + " mints");
    }
  }

  @Test
  void looking_binds_no_name() {
    try (GitHubMinter minter = hub.minter()) {
      known(reach(minter.probe(), List.of(Repository.of("acme/api").orElseThrow())));

      assertEquals(0, hub.rows("bind"));
    }
  }
}
