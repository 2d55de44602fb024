package dev.writ.broker.github;

import dev.writ.broker.keys.TestKeys;
import dev.writ.broker.remote.RemoteClient;
import dev.writ.broker.store.TestDatabase;
import dev.writ.broker.writ.TestWrits;
import dev.writ.fixtures.github.Account;
import dev.writ.fixtures.github.App;
import dev.writ.fixtures.github.AppKey;
import dev.writ.fixtures.github.FakeGitHub;
import dev.writ.fixtures.github.Installation;
import dev.writ.fixtures.github.Repository;
import dev.writ.fixtures.keys.Tls;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * For each test a fake GitHub whose App is installed in acme, with the repositories api, web and
 * secret, and a minter that knows it.
 */
final class HubExtension implements BeforeEachCallback, AfterEachCallback {
  /** Made once: RSA keys take their time. */
  static final AppKey KEY = AppKey.generate();

  private final TestDatabase database;
  FakeGitHub github = FakeGitHub.start();
  App app = github.app("writ", KEY);
  Account acme = github.organization("acme");
  Repository api = acme.repository("api");
  Repository web = acme.repository("web");
  Repository secret = acme.repository("secret");
  Installation installation = install();
  private final AtomicReference<Duration> ahead = new AtomicReference<>(Duration.ZERO);
  final Clock clock =
      ((InstantSource) () -> Instant.now().plus(ahead.get())).withZone(ZoneOffset.UTC);
  GitHubQuota quota = new GitHubQuota(clock);

  HubExtension(TestDatabase database) {
    this.database = database;
  }

  @Override
  public void beforeEach(ExtensionContext context) {
    database.database().autoCommit(session -> session.update("DELETE FROM github_repository"));
  }

  private Installation install() {
    return app.install(
        acme,
        Map.of("contents", "write", "issues", "write", "members", "read", "metadata", "read"));
  }

  /** A minter as a node makes one when it starts. */
  GitHubMinter minter() {
    return minter(RemoteClient.WHOLE_MAX, app);
  }

  GitHubMinter minter(App... apps) {
    return minter(RemoteClient.WHOLE_MAX, apps);
  }

  /** One that does not wait for long. */
  GitHubMinter minter(Duration requestMax, App... apps) {
    return minter(github.url(), tls(), requestMax, "Acme", apps);
  }

  GitHubMinter minter(
      URI url, Optional<SSLContext> tls, Duration requestMax, String account, App... apps) {
    return minter(url, tls, requestMax, account, bindings(), apps);
  }

  GitHubMinter minter(
      URI url,
      Optional<SSLContext> tls,
      Duration requestMax,
      String account,
      RepositoryBindings bindings,
      App... apps) {
    return new GitHubMinter(
        new GitHubMinter.Connection(url, tls, Optional.empty(), requestMax),
        List.of(apps).stream()
            .map(one ->
                new GitHubMinter.ConfiguredApp(
                    String.valueOf(one.id()), TestKeys.signer(KEY.pem()), List.of(account)))
            .toList(),
        bindings,
        quota,
        clock);
  }

  /** This machine's clock, as the minters see it. */
  void advance(Duration time) {
    ahead.updateAndGet(before -> before.plus(time));
  }

  Optional<SSLContext> tls() {
    return Optional.of(Tls.client(github.caPem()));
  }

  RepositoryBindings bindings() {
    return new RepositoryBindings(database.database(), new TestWrits(database.database()).acts());
  }

  /** How many rows of a kind the ledger has. */
  int rows(String kind) {
    return database
        .database()
        .autoCommit(session ->
            session.one(
                "SELECT count(*)::int AS n FROM ledger WHERE kind = ?",
                row -> row.integer("n"),
                kind));
  }

  @Override
  public void afterEach(ExtensionContext context) {
    github.close();
  }
}
