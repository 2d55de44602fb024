package dev.writ.broker.github;

import dev.writ.broker.exchange.Ending;
import dev.writ.broker.exchange.Grant;
import dev.writ.broker.exchange.Intent;
import dev.writ.broker.exchange.Minted;
import dev.writ.broker.exchange.Minter;
import dev.writ.broker.exchange.TokenRequest.TokenType;
import dev.writ.broker.keys.KeyException;
import dev.writ.broker.keys.Signer;
import dev.writ.broker.remote.Deadline;
import dev.writ.broker.remote.RemoteClient;
import dev.writ.policy.GitHubGrant;
import dev.writ.policy.Level;
import dev.writ.policy.Permissions;
import dev.writ.policy.Repository;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Installation tokens of the GitHub Apps at one API: found installation, ids behind the names,
 * token for exactly these, compared with what was asked.
 */
public final class GitHubMinter implements Minter, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(GitHubMinter.class);

  /**
   * A first mint in an account asks up to five times; whoever waits for it waits a little longer.
   */
  private static final Duration MINT_MAX = Duration.ofSeconds(12);

  private static final Duration LIFE_MIN = Duration.ofSeconds(1);

  private final String name;
  private final List<App> apps;
  private final ApiClient client;
  private final Installations installations;
  private final Tokens tokens;
  private final Resolver resolver;
  private final GitHubQuota quota;
  private final GitHubProbe probe;
  private final Clock clock;

  /**
   * An App as it is configured.
   *
   * @param key must be RSA
   * @param accounts where it is installed, in whatever case
   */
  public record ConfiguredApp(String id, Signer key, List<String> accounts) {}

  /**
   * How GitHub is reached.
   *
   * @param api root, without a slash at its end
   * @param tls whom to trust; empty: whom the machine trusts
   */
  public record Connection(
      URI api, Optional<SSLContext> tls, Optional<InetSocketAddress> proxy, Duration requestMax) {
    public Connection(URI api, Optional<SSLContext> tls, Optional<InetSocketAddress> proxy) {
      this(api, tls, proxy, RemoteClient.WHOLE_MAX);
    }
  }

  /**
   * @throws KeyException if an App's key is no RSA key
   */
  public GitHubMinter(
      Connection connection,
      List<ConfiguredApp> configured,
      RepositoryBindings bindings,
      GitHubQuota quota,
      Clock clock) {
    this.name = "github:" + connection.api.getAuthority();
    this.apps =
        configured.stream()
            .map(
                app -> new App(app.id, new AppJwt(app.id, app.key, clock), lowerCase(app.accounts)))
            .toList();
    this.client =
        new ApiClient(connection.api, connection.tls, connection.proxy, connection.requestMax);
    Complaints complaints = new Complaints(quota, clock);
    this.installations = new Installations(client, complaints);
    this.tokens = new Tokens(client, installations, complaints, clock);
    this.resolver = new Resolver(connection.api, client, tokens, bindings, quota, complaints);
    this.quota = quota;
    this.probe =
        new GitHubProbe(
            connection.api,
            apps,
            client,
            complaints,
            quota,
            new RepositoryProbe(connection.api, client, tokens, bindings, quota, complaints),
            clock);
    this.clock = clock;
  }

  /** Looks at what it would use. */
  public GitHubProbe probe() {
    return probe;
  }

  /**
   * Whether GitHub takes another key for an App.
   *
   * @return what stands against it
   */
  public Optional<String> objection(String app, Signer key) {
    try {
      return probe.objection(app, new AppJwt(app, key, clock));
    } catch (KeyException unusable) {
      return Optional.of(unusable.getMessage());
    }
  }

  private static Set<String> lowerCase(List<String> accounts) {
    return accounts.stream()
        .map(account -> account.toLowerCase(Locale.ROOT))
        .collect(Collectors.toSet());
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public boolean serves(dev.writ.policy.Grant grant) {
    return grant.fold(
        gitHub -> apps.stream().anyMatch(app -> app.serves(gitHub.account())),
        aws -> false,
        internal -> false);
  }

  /** GitHub's own hour cannot be chosen; tokens are ended before. */
  @Override
  public Duration lifeMin(dev.writ.policy.Grant grant) {
    return LIFE_MIN;
  }

  @Override
  public Minted mint(Intent intent) {
    Grant grant = intent.grant();
    return grant
        .allowed()
        .<Minted>fold(
            gitHub -> mint(grant, gitHub),
            aws -> new Minted.Refused("This is no GitHub grant"),
            internal -> new Minted.Refused("This is no GitHub grant"));
  }

  private Minted mint(Grant grant, GitHubGrant wanted) {
    Optional<String> unsound = unsound(wanted);
    if (unsound.isPresent()) {
      return new Minted.Refused(unsound.get());
    }
    Optional<App> app = App.of(apps, wanted.account(), grant.agent().id());
    if (app.isEmpty()) {
      return new Minted.Refused("No App is configured for the account " + wanted.account());
    }
    Optional<RateLimit> wait = quota.waiting(app.get(), wanted.account());
    if (wait.isPresent()) {
      return new Minted.Exhausted(wait.get().reason(), wait.get().until());
    }
    Asking asking =
        new Asking(
            app.get(), wanted.account(), grant.agent().id(), grant.writ(), Deadline.in(MINT_MAX));
    try {
      return mint(grant, wanted, asking);
    } catch (KeyException unusable) {
      log.error("The key of {} cannot be used: {}", app.get(), unusable.getMessage());
      return new Minted.Unavailable("The key of " + app.get() + " cannot be used now");
    }
  }

  /** Once more if the installation was another a while ago. */
  private Minted mint(Grant grant, GitHubGrant wanted, Asking asking) {
    for (int attempt = 0; attempt < 2; attempt++) {
      switch (attempt(grant, wanted, asking)) {
        case Step.Got<Minted>(Minted minted) -> {
          return minted;
        }
        case Step.Stopped<Minted>(Minted minted) -> {
          if (minted instanceof Minted.Refused) {
            installations.forget(asking);
          }
          return minted;
        }
        case Step.Gone<Minted> _ -> installations.forget(asking);
      }
    }
    return new Minted.Refused(Complaints.notInstalled(asking));
  }

  private Step<Minted> attempt(Grant grant, GitHubGrant wanted, Asking asking) {
    Tokens.Wider wider = (token, what) -> new Minted.TooWide(issued(grant, wanted, token), what);
    return installations
        .find(asking)
        .then(installation ->
            resolver
                .resolve(asking, installation, wanted, wider)
                .then(names -> {
                  MintRequest.Ids ids = new MintRequest.Ids(names, wanted.permissions());
                  return tokens
                      .make(asking, installation, ids, wider)
                      .then(token ->
                          new Step.Got<>(issued(grant, held(wanted, names, token), token)));
                }));
  }

  /**
   * The policy has seen to all of this. It is looked at again where it is sent, for an empty list
   * would mean everything.
   */
  private static Optional<String> unsound(GitHubGrant wanted) {
    if (wanted.permissions().isEmpty()) {
      return Optional.of("No permission is asked for; GitHub would read that as all");
    }
    if (!wanted.allRepositories() && wanted.repositories().isEmpty()) {
      return Optional.of("No repository is asked for; GitHub would read that as all");
    }
    if (wanted.repositories().size() > MintRequest.REPOSITORIES_MAX) {
      return Optional.of(
          "%d repositories are asked for, and GitHub makes tokens for %d at most"
              .formatted(wanted.repositories().size(), MintRequest.REPOSITORIES_MAX));
    }
    return wanted.repositories().stream()
        .filter(one ->
            !one.owner().equals(wanted.account())
                || !Repository.of(one.toString()).equals(Optional.of(one)))
        .findFirst()
        .map(one -> "A repository is not one of the account " + wanted.account());
  }

  /** What the token holds of what was wanted. */
  private static GitHubGrant held(
      GitHubGrant wanted, SortedMap<Long, List<Repository>> names, GivenToken token) {
    Set<Long> ids = token.repositories().orElse(Map.of()).keySet();
    List<Repository> repositories =
        names.entrySet().stream()
            .filter(one -> ids.contains(one.getKey()))
            .flatMap(one -> one.getValue().stream())
            .toList();
    Map<String, Level> levels = new HashMap<>();
    token
        .permissions()
        .orElse(Permissions.of(Map.of()))
        .levels()
        .forEach((permission, level) -> {
          if (wanted.permissions().levels().containsKey(permission)) {
            levels.put(permission, level);
          }
        });
    return new GitHubGrant(
        wanted.account(),
        wanted.allRepositories(),
        repositories,
        Permissions.of(levels),
        Optional.empty());
  }

  private Minted.Issued issued(Grant grant, GitHubGrant granted, GivenToken token) {
    Instant diesAt = token.endsAt().orElseGet(() -> clock.instant().plus(Tokens.LIFE));
    Instant expiresAt = Stream.of(grant.expiresAt(), diesAt).min(Instant::compareTo).orElseThrow();
    return new Minted.Issued(
        token.secret().text(),
        TokenType.ACCESS_TOKEN,
        granted,
        expiresAt,
        diesAt,
        true,
        Optional.empty());
  }

  @Override
  public Ending revoke(Held held) {
    return tokens.end(new Secret(held.secret()));
  }

  @Override
  public void close() {
    client.close();
  }
}
