package dev.writ.broker.github;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.writ.broker.exchange.Ending;
import dev.writ.broker.exchange.Minted;
import dev.writ.broker.exchange.Minter;
import dev.writ.broker.remote.RemoteClient;
import dev.writ.broker.store.TestDatabase;
import dev.writ.fixtures.github.IssuedToken;
import dev.writ.fixtures.github.Recorded;
import dev.writ.fixtures.github.TokenFormat;
import dev.writ.policy.GitHubGrant;
import dev.writ.policy.Level;
import dev.writ.policy.Permissions;
import dev.writ.policy.Repository;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What is asked of GitHub, and what is made of its answers. */
class GitHubMinterTest {
  @RegisterExtension static final TestDatabase DATABASE = TestDatabase.migrated();
  @RegisterExtension final HubExtension hub = new HubExtension(DATABASE);

  private static Minted.Issued issued(Minted minted) {
    return assertInstanceOf(Minted.Issued.class, minted, () -> String.valueOf(minted));
  }

  private static String refused(Minted minted) {
    return assertInstanceOf(Minted.Refused.class, minted, () -> String.valueOf(minted)).reason();
  }

  private IssuedToken token(Minted.Issued issued) {
    return hub.github.tokens().stream()
        .filter(token -> token.secret().equals(issued.secret()))
        .findFirst()
        .orElseThrow();
  }

  private JsonNode lastMint() {
    return hub.github.mints().getLast().json();
  }

  @Test
  void a_token_holds_the_repositories_and_permissions_of_the_grant_and_no_others() {
    Map<String, Level> permissions = Map.of("contents", Level.WRITE, "issues", Level.READ);
    GitHubGrant grant = Asked.grant(permissions, "api", "web");

    Minted.Issued issued = issued(hub.minter().mint(Asked.intent(grant)));

    assertEquals(grant, issued.granted());
    assertEquals(Optional.of(Set.of(hub.api.id(), hub.web.id())), token(issued).repositoryIds());
    assertEquals(
        Map.of("contents", "write", "issues", "read", "metadata", "read"),
        token(issued).permissions());
    assertEquals(Set.of("repository_ids", "permissions"), members(lastMint()));
    assertEquals(2, lastMint().path("repository_ids").size());
    assertEquals(Set.of("contents", "issues"), members(lastMint().path("permissions")));
    assertTrue(issued.revocable());
    assertEquals(List.of(token(issued)), hub.github.liveTokens(), "only the agent's token is left");
  }

  private static Set<String> members(JsonNode object) {
    return object.properties().stream().map(Map.Entry::getKey).collect(Collectors.toSet());
  }

  @Test
  void a_token_ends_with_the_grant_or_by_itself_whichever_comes_first() {
    GitHubGrant grant = Asked.grant(Asked.READ, "api");
    UUID agent = UUID.randomUUID();

    Minted.Issued shorter =
        issued(hub.minter().mint(Asked.intent(agent, grant, Duration.ofMinutes(10))));
    Minted.Issued longer =
        issued(hub.minter().mint(Asked.intent(agent, grant, Duration.ofHours(3))));

    assertTrue(shorter.expiresAt().isBefore(Instant.now().plus(Duration.ofMinutes(11))));
    assertEquals(token(shorter).expiresAt(), shorter.diesAt());
    assertEquals(token(longer).expiresAt(), longer.expiresAt());
    assertEquals(longer.diesAt(), longer.expiresAt());
  }

  @Test
  void names_are_resolved_once_by_a_token_that_reads_metadata_and_is_ended_at_once() {
    GitHubMinter minter = hub.minter();
    GitHubGrant grant = Asked.grant(Asked.READ, "api");

    issued(minter.mint(Asked.intent(grant)));
    issued(minter.mint(Asked.intent(grant)));

    List<Recorded> mints = hub.github.mints();
    assertEquals(3, mints.size());
    assertEquals(
        "{\"repositories\":[\"api\"],\"permissions\":{\"metadata\":\"read\"}}",
        mints.get(0).body());
    assertEquals(
        "{\"repository_ids\":[%d],\"permissions\":{\"contents\":\"read\"}}".formatted(hub.api.id()),
        mints.get(1).body());
    assertEquals(mints.get(1).body(), mints.get(2).body());
    assertFalse(hub.github.tokens().get(0).live());
    assertEquals(2, hub.github.liveTokens().size());
  }

  @Test
  void a_binding_is_a_row_in_the_ledger_and_holds_for_every_node() {
    int before = hub.rows("bind");

    issued(hub.minter().mint(Asked.intent(Asked.grant(Asked.READ, "api", "web"))));
    issued(hub.minter().mint(Asked.intent(Asked.grant(Asked.READ, "api"))));

    assertEquals(before + 1, hub.rows("bind"));
    assertEquals(3, hub.github.mints().size(), "the second node resolves nothing");
  }

  @Test
  void a_renamed_repository_is_still_the_one_that_is_meant() {
    GitHubMinter minter = hub.minter();
    issued(minter.mint(Asked.intent(Asked.grant(Asked.READ, "api"))));

    hub.api.rename("api-2");
    Minted.Issued after = issued(minter.mint(Asked.intent(Asked.grant(Asked.READ, "api"))));

    assertEquals(Optional.of(Set.of(hub.api.id())), token(after).repositoryIds());
    assertEquals(Asked.grant(Asked.READ, "api"), after.granted());
  }

  @Test
  void a_repository_that_takes_over_a_renamed_ones_name_is_not_meant() {
    GitHubMinter minter = hub.minter();
    issued(minter.mint(Asked.intent(Asked.grant(Asked.READ, "api"))));
    hub.api.rename("api-2");
    hub.acme.repository("api");

    Minted.Issued after = issued(minter.mint(Asked.intent(Asked.grant(Asked.READ, "api"))));

    assertEquals(Optional.of(Set.of(hub.api.id())), token(after).repositoryIds());
  }

  @Test
  void a_repository_that_was_deleted_and_recreated_is_refused_until_an_admin_forgets_the_old_one() {
    GitHubMinter minter = hub.minter();
    issued(minter.mint(Asked.intent(Asked.grant(Asked.READ, "api"))));
    long old = hub.api.id();
    hub.api.delete();
    var recreated = hub.acme.repository("api");
    int live = hub.github.liveTokens().size();

    String reason = refused(minter.mint(Asked.intent(Asked.grant(Asked.READ, "api"))));

    assertTrue(
        reason.contains("acme/api is bound to id " + old + ", which is no longer there"), reason);
    assertTrue(reason.contains("DELETE /v1/github/repositories/acme/api"), reason);
    assertEquals(live, hub.github.liveTokens().size());

    assertEquals(
        old, hub.bindings().forget(new Repository("acme", "api"), "operator").orElseThrow().id());
    Minted.Issued after = issued(minter.mint(Asked.intent(Asked.grant(Asked.READ, "api"))));
    assertEquals(Optional.of(Set.of(recreated.id())), token(after).repositoryIds());
  }

  @Test
  void a_name_that_the_installation_does_not_reach_is_refused_and_not_bound() {
    hub.installation.select(hub.web);

    String reason = refused(hub.minter().mint(Asked.intent(Asked.grant(Asked.READ, "api", "web"))));

    assertTrue(reason.contains("does not reach acme/api, acme/web"), reason);
    assertEquals(List.of(), hub.github.tokens());
    assertEquals(
        Map.of(),
        hub.bindings().bound(hub.github.url(), "acme", List.of(new Repository("acme", "web"))));
  }

  @Test
  void nothing_is_asked_where_a_list_is_empty() {
    GitHubGrant noRepositories = Asked.grant(Asked.READ);
    GitHubGrant noPermissions = Asked.grant(Map.of(), "api");
    GitHubGrant nothingAtAll = Asked.everything(Map.of());

    for (GitHubGrant grant : List.of(noRepositories, noPermissions, nothingAtAll)) {
      String reason = refused(hub.minter().mint(Asked.intent(grant)));
      assertTrue(reason.contains("read that as all"), reason);
    }
    assertEquals(List.of(), hub.github.requests());
  }

  @Test
  void nothing_is_asked_for_names_that_are_not_of_the_account() {
    for (Repository foreign :
        List.of(
            new Repository("evil", "api"),
            new Repository("acme", "../secret"),
            new Repository("acme", "api/../secret"),
            new Repository("acme", "a%2fpi"),
            new Repository("acme", "API"),
            new Repository("acme", "api.git"),
            new Repository("acme", "api."),
            new Repository("acme", "\u0430pi"),
            new Repository("acme", "api\u202e"),
            new Repository("acme", "api\0"))) {
      GitHubGrant grant =
          new GitHubGrant(
              "acme", false, List.of(foreign), Permissions.of(Asked.READ), Optional.empty());
      String reason = refused(hub.minter().mint(Asked.intent(grant)));
      assertTrue(reason.contains("not one of the account acme"), reason);
    }
    assertEquals(List.of(), hub.github.requests());
  }

  @Test
  void more_than_500_names_are_refused_before_anything_is_asked() {
    String[] names = new String[501];
    for (int i = 0; i < names.length; i++) {
      names[i] = "r" + i;
    }
    String reason = refused(hub.minter().mint(Asked.intent(Asked.grant(Asked.READ, names))));

    assertTrue(reason.contains("501"), reason);
    assertEquals(List.of(), hub.github.requests());
  }

  @Test
  void every_repository_means_every_id_of_the_installation_page_by_page() {
    for (int i = 0; i < 497; i++) {
      hub.acme.repository("r" + i);
    }

    Minted.Issued issued = issued(hub.minter().mint(Asked.intent(Asked.everything(Asked.READ))));

    assertEquals(500, token(issued).repositoryIds().orElseThrow().size());
    assertEquals(500, lastMint().path("repository_ids").size());
    assertEquals(Asked.everything(Asked.READ), issued.granted());
    assertEquals(List.of(token(issued)), hub.github.liveTokens());
    assertEquals("{\"permissions\":{\"metadata\":\"read\"}}", hub.github.mints().get(0).body());
  }

  @Test
  void every_repository_is_refused_where_there_are_501() {
    for (int i = 0; i < 498; i++) {
      hub.acme.repository("r" + i);
    }

    String reason = refused(hub.minter().mint(Asked.intent(Asked.everything(Asked.READ))));

    assertTrue(reason.contains("501"), reason);
    assertEquals(1, hub.github.mints().size());
    assertEquals(List.of(), hub.github.liveTokens());
  }

  @Test
  void every_repository_of_none_is_refused_and_not_read_as_all() {
    hub.installation.select();

    String reason = refused(hub.minter().mint(Asked.intent(Asked.everything(Asked.READ))));

    assertTrue(reason.contains("reaches no repository"), reason);
    assertEquals(List.of(), hub.github.liveTokens());
  }

  @Test
  void a_permission_that_the_account_has_not_granted_is_named() {
    Map<String, Level> permissions = Map.of("contents", Level.READ, "issues", Level.ADMIN);
    GitHubMinter minter = hub.minter();

    String reason = refused(minter.mint(Asked.intent(Asked.grant(permissions, "api"))));

    assertTrue(reason.contains("has not been granted issues: admin in acme"), reason);
  }

  @Test
  void both_forms_of_tokens_are_issued_and_ended() {
    for (TokenFormat format : TokenFormat.values()) {
      hub.github.tokenFormat(format);
      GitHubMinter minter = hub.minter();

      Minted.Issued issued = issued(minter.mint(Asked.intent(Asked.grant(Asked.READ, "api"))));
      assertTrue(token(issued).live());

      Ending ending = minter.revoke(new Minter.Held(issued.secret(), issued.diesAt()));
      assertTrue(assertInstanceOf(Ending.Revoked.class, ending).answer().startsWith("204"));
      assertFalse(token(issued).live());
      Ending again = minter.revoke(new Minter.Held(issued.secret(), issued.diesAt()));
      assertTrue(assertInstanceOf(Ending.Revoked.class, again).answer().startsWith("401"));
    }
  }

  @Test
  void an_account_may_be_a_user() {
    var ada = hub.github.user("ada");
    ada.repository("notes");
    hub.app.install(ada, Map.of("contents", "read", "metadata", "read"));
    GitHubMinter minter =
        hub.minter(hub.github.url(), hub.tls(), RemoteClient.WHOLE_MAX, "ada", hub.app);
    GitHubGrant grant =
        new GitHubGrant(
            "ada",
            false,
            List.of(new Repository("ada", "notes")),
            Permissions.of(Asked.READ),
            Optional.empty());

    assertTrue(minter.serves(grant));
    assertFalse(minter.serves(Asked.grant(Asked.READ, "api")));
    issued(minter.mint(Asked.intent(grant)));
  }

  @Test
  void the_installation_is_looked_up_once_and_again_when_github_no_longer_knows_it() {
    GitHubMinter minter = hub.minter();
    issued(minter.mint(Asked.intent(Asked.grant(Asked.READ, "api"))));
    issued(minter.mint(Asked.intent(Asked.grant(Asked.READ, "api"))));
    assertEquals(1, lookUps());

    hub.installation.uninstall();
    hub.app.install(hub.acme, Map.of("contents", "read", "metadata", "read"));
    issued(minter.mint(Asked.intent(Asked.grant(Asked.READ, "api"))));
    assertEquals(2, lookUps());
  }

  private long lookUps() {
    return hub.github.requests().stream()
        .filter(one -> one.path().endsWith("/installation"))
        .count();
  }

  @Test
  void every_request_says_who_asks_and_by_which_version() {
    issued(hub.minter().mint(Asked.intent(Asked.grant(Asked.READ, "api"))));

    for (Recorded one : hub.github.requests()) {
      assertEquals(List.of("2022-11-28"), header(one, "X-GitHub-Api-Version"));
      assertEquals(List.of("application/vnd.github+json"), header(one, "Accept"));
      assertEquals(List.of("writ-broker"), header(one, "User-Agent"));
    }
  }

  private static List<String> header(Recorded one, String name) {
    return one.headers().entrySet().stream()
        .filter(entry -> entry.getKey().equalsIgnoreCase(name))
        .flatMap(entry -> entry.getValue().stream())
        .toList();
  }

  @Test
  void agents_of_an_account_are_spread_over_its_apps_and_each_sticks_to_one() {
    var other = hub.github.app("writ-2", HubExtension.KEY);
    other.install(hub.acme, Map.of("contents", "read", "metadata", "read"));
    GitHubMinter minter = hub.minter(hub.app, other);
    Set<Long> used = new TreeSet<>();
    for (int i = 0; i < 20; i++) {
      UUID agent = new UUID(i, i);
      GitHubGrant grant = Asked.grant(Asked.READ, "api");
      long first =
          token(issued(minter.mint(Asked.intent(agent, grant, Duration.ofMinutes(5)))))
              .installationId();
      assertEquals(
          first,
          token(issued(minter.mint(Asked.intent(agent, grant, Duration.ofMinutes(5)))))
              .installationId());
      used.add(first);
    }
    assertEquals(2, used.size());
  }
}
