package dev.writ.broker;

import dev.writ.broker.access.Bindings;
import dev.writ.broker.access.Launchers;
import dev.writ.broker.access.OidcLauncher;
import dev.writ.broker.agent.Rights;
import dev.writ.broker.api.GitHosts;
import dev.writ.broker.authority.Realm;
import dev.writ.broker.authority.TokenKeys;
import dev.writ.broker.aws.AwsMinter;
import dev.writ.broker.config.Config;
import dev.writ.broker.config.GitHubApp;
import dev.writ.broker.config.Launcher;
import dev.writ.broker.config.Source;
import dev.writ.broker.doctor.IssuerCopy;
import dev.writ.broker.github.GitHubMinter;
import dev.writ.broker.github.GitHubQuota;
import dev.writ.broker.github.RepositoryBindings;
import dev.writ.broker.keycloak.RealmConnection;
import dev.writ.broker.keys.KeyProviders;
import dev.writ.broker.keys.KeyRing;
import dev.writ.broker.keys.KeySchedule;
import dev.writ.broker.keys.KeySlot;
import dev.writ.broker.keys.Sealer;
import dev.writ.broker.keys.Signer;
import dev.writ.broker.keys.VaultSettings;
import dev.writ.broker.token.WebIdentityTokens;
import dev.writ.policy.Bounds;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** What the configuration says, in the forms that a node's parts take it. */
final class Setup {
  private static final Duration CLOCKS_APART = Duration.ofSeconds(10);

  private final Config config;

  Setup(Config config) {
    this.config = config;
  }

  /** The keys of one slot, with the lives of what they sign. */
  TokenKeys tokenKeys(KeySlot slot, Sealer envelope) {
    Duration longest =
        longer(config.limits().svidLifetime(), config.limits().credentialLifetime())
            .plus(CLOCKS_APART);
    return new TokenKeys(
        slot,
        envelope,
        new KeySchedule.Timing(config.keys().publishAhead(), longest),
        config.keys().rotateAfter(slot.id()).orElseThrow());
  }

  /** What a policy may not go beyond. */
  Bounds bounds() {
    Set<String> reserved = new HashSet<>();
    reserved.add(config.issuer().toString());
    reserved.add(config.stsIssuer().toString());
    config.aws().forEach(one -> one.issuer().ifPresent(issuer -> reserved.add(issuer.toString())));
    config.launchers().forEach(launcher -> reserved.add(launcher.audience()));
    config
        .vault()
        .ifPresent(vault -> {
          if (vault.login() instanceof VaultSettings.Identity identity) {
            reserved.add(identity.audience());
          }
        });
    return new Bounds(
        config.limits().agentLifetime(), config.limits().credentialLifetime(), reserved);
  }

  Launchers launchers(Bindings users, Clock clock) {
    Optional<Proxy> proxy =
        config
            .proxy()
            .map(uri ->
                new Proxy(Proxy.Type.HTTP, new InetSocketAddress(uri.getHost(), uri.getPort())));
    List<OidcLauncher> launchers = config.launchers().stream().map(Setup::launcher).toList();
    return new Launchers(launchers, proxy, users, clock);
  }

  private static OidcLauncher launcher(Launcher launcher) {
    return new OidcLauncher(
        launcher.name(),
        launcher.issuer().toString(),
        launcher.audience(),
        launcher.ca().map(TrustedSockets::of),
        launcher.clients());
  }

  Rights rights() {
    return new Rights(
        config.admins().stream().map(Object::toString).collect(Collectors.toSet()),
        config.auditors().stream().map(Object::toString).collect(Collectors.toSet()));
  }

  /** The audiences that a principal may introspect tokens of. */
  Map<String, Set<String>> resourceServers() {
    Map<String, Set<String>> audiences = new HashMap<>();
    config
        .resourceServers()
        .forEach(server ->
            audiences
                .computeIfAbsent(server.principal().toString(), name -> new HashSet<>())
                .add(server.audience()));
    return audiences;
  }

  /**
   * Those of the targets that are configured.
   *
   * @throws dev.writ.broker.keys.KeyException if the key of one cannot be had
   */
  List<GitHubMinter> gitHub(
      Function<GitHubApp, Signer> keys,
      RepositoryBindings bindings,
      GitHubQuota quota,
      Clock clock) {
    Map<URI, List<GitHubApp>> byApi = new LinkedHashMap<>();
    config
        .github()
        .forEach(app -> byApi.computeIfAbsent(app.api(), api -> new ArrayList<>()).add(app));
    return byApi.entrySet().stream()
        .map(one ->
            new GitHubMinter(
                new GitHubMinter.Connection(
                    one.getKey(), one.getValue().get(0).ca().map(TrustedSockets::context), proxy()),
                one.getValue().stream().map(app -> configured(app, keys)).toList(),
                bindings,
                quota,
                clock))
        .toList();
  }

  private static GitHubMinter.ConfiguredApp configured(
      GitHubApp app, Function<GitHubApp, Signer> keys) {
    return new GitHubMinter.ConfiguredApp(app.appId(), keys.apply(app), app.accounts());
  }

  /**
   * How to reach the realm of a source.
   *
   * @throws dev.writ.broker.keys.KeyException if the client's key cannot be had
   */
  RealmConnection connection(Source.Keycloak source, KeyProviders keys) {
    return new RealmConnection(
        source.realmUrl().toString(),
        source.clientId(),
        keys.signer(source.key()),
        source.ca().map(TrustedSockets::context),
        proxy());
  }

  /** Names of launchers, and their issuers. */
  Map<String, String> issuers() {
    return config.launchers().stream()
        .collect(Collectors.toMap(Launcher::name, one -> one.issuer().toString()));
  }

  /** The realm itself, and how long its last word counts. */
  Realm realm(Source.Keycloak source) {
    return new Realm(
        source.realmUrl().toString(),
        source.replaces().map(URI::toString),
        config.limits().policyMaxAge());
  }

  private Optional<InetSocketAddress> proxy() {
    return config.proxy().map(uri -> new InetSocketAddress(uri.getHost(), uri.getPort()));
  }

  /** One for each of the accounts that are configured. */
  List<AwsMinter> aws(WebIdentityTokens tokens, Clock clock) {
    return config.aws().stream()
        .map(account ->
            new AwsMinter(
                new AwsMinter.Account(
                    account.account(),
                    account.sts(),
                    account.issuer().orElse(config.stsIssuer()).toString(),
                    account.sessionMin()),
                new AwsMinter.Connection(account.ca().map(TrustedSockets::context), proxy()),
                tokens,
                clock))
        .toList();
  }

  /**
   * What is published of the issuers that the accounts trust, each once. AWS trusts public
   * authorities there; a store is told whom to trust as the broker is.
   *
   * @param keys of the slot {@code sts}, as they are at each call
   */
  List<IssuerCopy> issuerCopies(Supplier<KeyRing> keys) {
    Map<URI, IssuerCopy> copies = new LinkedHashMap<>();
    config
        .aws()
        .forEach(account ->
            copies.computeIfAbsent(
                account.issuer().orElse(config.stsIssuer()),
                issuer ->
                    new IssuerCopy(
                        issuer,
                        account
                            .ca()
                            .filter(ca -> account.account().isEmpty())
                            .map(TrustedSockets::context),
                        proxy(),
                        keys)));
    return List.copyOf(copies.values());
  }

  /** Whose repositories a {@code resource} may name. */
  GitHosts gitHosts() {
    Set<String> hosts = new HashSet<>(Set.of("github.com"));
    Map<String, String> hostOfAccount = new HashMap<>();
    for (GitHubApp app : config.github()) {
      hosts.add(app.gitHost());
      app.accounts()
          .forEach(account -> hostOfAccount.put(account.toLowerCase(Locale.ROOT), app.gitHost()));
    }
    return new GitHosts(hosts, hostOfAccount);
  }

  /** The names that the server's own certificate has to have. */
  Set<String> serverNames() {
    Set<String> names = new HashSet<>(Set.of("localhost", "127.0.0.1"));
    names.add(config.issuer().getHost());
    if (!config.listen().host().equals("0.0.0.0") && !config.listen().host().equals("::")) {
      names.add(config.listen().host());
    }
    return names;
  }

  private static Duration longer(Duration one, Duration other) {
    return one.compareTo(other) >= 0 ? one : other;
  }
}
