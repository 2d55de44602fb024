package dev.writ.broker.github;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.writ.broker.exchange.Ending;
import dev.writ.broker.exchange.Minted;
import dev.writ.broker.exchange.Minter;
import dev.writ.broker.store.TestDatabase;
import dev.writ.fixtures.github.AppKey;
import dev.writ.fixtures.github.FakeGitHub;
import dev.writ.fixtures.github.MintFault;
import dev.writ.policy.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What GitHub refuses, and what whoever looks after the App is told. */
class RefusalsTest {
  @RegisterExtension static final TestDatabase DATABASE = TestDatabase.migrated();
  @RegisterExtension final HubExtension hub = new HubExtension(DATABASE);

  private static Minted mint(GitHubMinter minter) {
    return minter.mint(Asked.intent(Asked.grant(Asked.READ, "api")));
  }

  private static String refused(Minted minted) {
    return assertInstanceOf(Minted.Refused.class, minted, () -> String.valueOf(minted)).reason();
  }

  private static Minted.Exhausted exhausted(Minted minted) {
    return assertInstanceOf(Minted.Exhausted.class, minted, () -> String.valueOf(minted));
  }

  @Test
  void a_suspended_installation_is_said_to_be() {
    hub.installation.suspend();

    String reason = refused(mint(hub.minter()));

    assertTrue(reason.contains("App " + hub.app.id() + " in acme is suspended since"), reason);
    assertEquals(List.of(), hub.github.mints());
  }

  @Test
  void one_that_was_suspended_a_moment_ago_is_said_to_be_and_works_when_that_is_lifted() {
    GitHubMinter minter = hub.minter();
    assertInstanceOf(Minted.Issued.class, mint(minter));

    hub.installation.suspend();
    String reason = refused(mint(minter));
    assertTrue(reason.contains("in acme is suspended. An owner of acme"), reason);

    hub.installation.unsuspend();
    assertInstanceOf(Minted.Issued.class, mint(minter));
  }

  @Test
  void a_token_of_a_suspended_installation_is_not_called_ended() {
    GitHubMinter minter = hub.minter();
    Minted.Issued issued = assertInstanceOf(Minted.Issued.class, mint(minter));
    hub.installation.suspend();

    Ending ending = minter.revoke(new Minter.Held(issued.secret(), issued.diesAt()));

    assertTrue(assertInstanceOf(Ending.Unknown.class, ending).why().contains("suspended"));
  }

  @Test
  void an_account_without_the_app_is_told_who_can_install_it() {
    hub.installation.uninstall();

    String reason = refused(mint(hub.minter()));

    assertTrue(
        reason.contains("is not installed in acme. An owner of acme can install it"), reason);
  }

  @Test
  void an_app_that_github_does_not_know_is_said_to_be_unknown() {
    var elsewhere = FakeGitHub.start();
    var foreign = elsewhere.app("first", HubExtension.KEY);
    var foreigner = elsewhere.app("second", HubExtension.KEY);
    elsewhere.close();
    assertFalse(foreign.id() == foreigner.id());

    String reason = refused(mint(hub.minter(foreigner)));

    assertTrue(reason.contains("GitHub knows no App " + foreigner.id()), reason);
  }

  @Test
  void a_key_that_is_no_longer_the_apps_is_said_to_be_the_matter() {
    hub.app.removeKey(HubExtension.KEY.publicKey());
    hub.app.addKey(AppKey.generate().publicKey());

    String reason = refused(mint(hub.minter()));

    assertTrue(reason.contains("does not accept what the key of App " + hub.app.id()), reason);
    assertTrue(reason.contains("401: A JSON web token could not be decoded"), reason);
    assertTrue(reason.contains("is key: the App's own"), reason);
  }

  @Test
  void a_used_up_quota_says_when_there_is_more_and_nobody_asks_until_then() {
    for (int status : List.of(403, 429)) {
      hub.github.limitStatus(status);
      hub.quota = new GitHubQuota(hub.clock);
      GitHubMinter minter = hub.minter();
      hub.app.quota(0);

      Minted.Exhausted exhausted = exhausted(mint(minter));

      Duration wait = Duration.between(Instant.now(), exhausted.until());
      assertTrue(wait.toMinutes() >= 58 && wait.toMinutes() <= 60, wait::toString);
      assertTrue(exhausted.reason().contains("in acme is used up"), exhausted::reason);
      int asked = hub.github.requests().size();
      assertEquals(exhausted.until(), exhausted(mint(minter)).until());
      assertEquals(asked, hub.github.requests().size());
    }
    assertEquals(List.of(), hub.github.mints());
  }

  @Test
  void a_secondary_limit_is_waited_for_and_then_asked_again() {
    for (int status : List.of(403, 429)) {
      GitHubMinter minter = hub.minter();
      hub.github.secondaryLimit(status, Duration.ofSeconds(30));

      Minted.Exhausted exhausted = exhausted(mint(minter));
      Duration wait = Duration.between(hub.clock.instant(), exhausted.until());
      assertTrue(wait.toSeconds() > 15 && wait.toSeconds() <= 30, wait::toString);

      hub.github.advance(Duration.ofSeconds(31));
      int asked = hub.github.requests().size();
      exhausted(mint(minter));
      assertEquals(asked, hub.github.requests().size());

      hub.advance(Duration.ofSeconds(31));
      assertInstanceOf(Minted.Issued.class, mint(minter));
    }
  }

  @Test
  void the_quota_of_the_installation_is_reported_while_repositories_are_listed() {
    GitHubMinter minter = hub.minter();
    hub.installation.quota(4_999);

    assertInstanceOf(Minted.Issued.class, minter.mint(Asked.intent(Asked.everything(Asked.READ))));

    assertEquals(
        List.of(new GitHubQuota.Seen(String.valueOf(hub.app.id()), "acme", 4_999, 4_998)),
        hub.quota.seen());
  }

  @Test
  void an_installation_whose_quota_is_used_up_cannot_be_listed() {
    hub.installation.quota(0);

    exhausted(hub.minter().mint(Asked.intent(Asked.everything(Asked.READ))));
  }

  @Test
  void other_refusals_are_passed_on_in_githubs_words_but_for_what_looks_like_a_credential() {
    String token = "ghs_" + "A1".repeat(18);
    hub.github.everyMint(new MintFault.Refused(403, "Not for " + token + "\n at all"));

    String reason = refused(mint(hub.minter()));

    assertTrue(reason.contains("(403: Not for [masked]"), reason);
    assertFalse(reason.contains(token), reason);
  }

  @Test
  void an_unprocessable_request_is_passed_on_in_githubs_words() {
    hub.github.everyMint(new MintFault.Refused(422, "Something else"));

    assertTrue(refused(mint(hub.minter())).contains("(422: Something else)"));
  }

  @Test
  void a_repository_out_of_reach_of_its_installation_names_the_bound_id() {
    GitHubMinter minter = hub.minter();
    assertInstanceOf(Minted.Issued.class, mint(minter));
    hub.installation.select(hub.web);

    String reason = refused(mint(minter));

    assertTrue(reason.contains("acme/api is bound to id " + hub.api.id()), reason);
    assertTrue(reason.contains("no longer selected for the installation"), reason);
  }

  @Test
  void of_several_repositories_each_is_named_with_its_id() {
    GitHubMinter minter = hub.minter();
    var both = Asked.grant(Asked.READ, "api", "web");
    assertInstanceOf(Minted.Issued.class, minter.mint(Asked.intent(both)));
    hub.web.delete();

    String reason = refused(minter.mint(Asked.intent(both)));

    assertTrue(reason.contains("acme/api is bound to id " + hub.api.id()), reason);
    assertTrue(reason.contains("acme/web is bound to id " + hub.web.id()), reason);
    assertTrue(reason.contains("at least one of these"), reason);
  }

  @Test
  void a_permission_granted_meanwhile_is_asked_for_anew() {
    GitHubMinter minter = hub.minter();
    var admin = Asked.grant(Map.of("issues", Level.ADMIN), "api");
    assertTrue(refused(minter.mint(Asked.intent(admin))).contains("issues: admin"));

    hub.installation.permissions(Map.of("issues", "admin", "metadata", "read"));
    assertInstanceOf(Minted.Issued.class, minter.mint(Asked.intent(admin)));
  }
}
