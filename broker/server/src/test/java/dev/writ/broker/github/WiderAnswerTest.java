package dev.writ.broker.github;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.writ.broker.exchange.Ending;
import dev.writ.broker.exchange.Minted;
import dev.writ.broker.exchange.Minter;
import dev.writ.broker.store.TestDatabase;
import dev.writ.fixtures.github.MintFault;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** An answer that holds more than was asked for, or does not say so clearly that it does not. */
class WiderAnswerTest {
  @RegisterExtension static final TestDatabase DATABASE = TestDatabase.migrated();
  @RegisterExtension final HubExtension hub = new HubExtension(DATABASE);

  @BeforeEach
  void binds_the_name() {
    GitHubMinter minter = hub.minter();
    Minted minted = minter.mint(Asked.intent(Asked.grant(Asked.READ, "api")));
    minter.revoke(
        new Minter.Held(
            assertInstanceOf(Minted.Issued.class, minted).secret(), java.time.Instant.now()));
  }

  private void isTooWide(MintFault fault, String expected) {
    GitHubMinter minter = hub.minter();
    hub.github.nextMint(fault);

    Minted minted = minter.mint(Asked.intent(Asked.grant(Asked.READ, "api")));

    Minted.TooWide wide =
        assertInstanceOf(Minted.TooWide.class, minted, () -> String.valueOf(minted));
    assertTrue(wide.what().contains(expected), wide::what);
    assertEquals(1, hub.github.liveTokens().size());
    Ending ending = minter.revoke(new Minter.Held(wide.issued().secret(), wide.issued().diesAt()));
    assertInstanceOf(Ending.Revoked.class, ending);
    assertEquals(List.of(), hub.github.liveTokens());
  }

  @Test
  void a_further_permission_is_too_wide() {
    isTooWide(MintFault.morePermissions("issues", "read"), "issues=read");
  }

  @Test
  void an_organisation_permission_is_too_wide() {
    isTooWide(MintFault.morePermissions("members", "read"), "members=read");
  }

  @Test
  void a_higher_level_is_too_wide() {
    isTooWide(MintFault.morePermissions("contents", "write"), "contents=write");
  }

  @Test
  void a_level_that_is_unknown_here_is_too_wide() {
    isTooWide(MintFault.morePermissions("contents", "owner"), "does not say what it permits");
  }

  @Test
  void a_further_repository_is_too_wide() {
    isTooWide(
        MintFault.moreRepositories(hub.secret), "for the repository " + hub.secret.id() + ", too");
  }

  @Test
  void all_repositories_are_too_wide() {
    isTooWide(new MintFault.AllRepositories(), "not for selected repositories");
  }

  @Test
  void an_answer_that_leaves_something_unsaid_is_too_wide() {
    isTooWide(new MintFault.Missing("permissions"), "does not say what it permits");
    isTooWide(new MintFault.Missing("repositories"), "does not say which repositories");
    isTooWide(new MintFault.Missing("repository_selection"), "not for selected repositories");
    isTooWide(new MintFault.Missing("expires_at"), "does not say when it ends");
  }

  @Test
  void an_answer_without_a_token_is_unknown() {
    hub.github.nextMint(new MintFault.Missing("token"));

    Minted minted = hub.minter().mint(Asked.intent(Asked.grant(Asked.READ, "api")));

    assertTrue(assertInstanceOf(Minted.Unknown.class, minted).reason().contains("within the hour"));
  }

  @Test
  void metadata_that_github_adds_unasked_is_tolerated_and_not_told() {
    for (boolean automatic : List.of(true, false)) {
      hub.github.automaticMetadata(automatic);
      Minted minted = hub.minter().mint(Asked.intent(Asked.grant(Asked.READ, "api")));
      assertEquals(
          Asked.grant(Asked.READ, "api"), assertInstanceOf(Minted.Issued.class, minted).granted());
    }
  }

  @Test
  void a_token_for_resolving_names_that_is_too_wide_is_ended_and_binds_nothing() {
    GitHubMinter minter = hub.minter();
    hub.github.nextMint(new MintFault.AllRepositories());
    int before = hub.rows("bind");

    Minted minted = minter.mint(Asked.intent(Asked.grant(Asked.READ, "web")));

    Minted.TooWide wide = assertInstanceOf(Minted.TooWide.class, minted);
    minter.revoke(new Minter.Held(wide.issued().secret(), wide.issued().diesAt()));
    assertEquals(List.of(), hub.github.liveTokens());
    assertEquals(before, hub.rows("bind"));
  }
}
