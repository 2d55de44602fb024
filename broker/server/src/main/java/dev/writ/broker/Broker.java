package dev.writ.broker;

import dev.writ.broker.access.Bindings;
import dev.writ.broker.access.OperatorToken;
import dev.writ.broker.agent.AgentCache;
import dev.writ.broker.agent.Alarms;
import dev.writ.broker.agent.Authorities;
import dev.writ.broker.agent.Enrolling;
import dev.writ.broker.agent.HandOver;
import dev.writ.broker.agent.Launching;
import dev.writ.broker.agent.Lifecycle;
import dev.writ.broker.agent.Reenrolling;
import dev.writ.broker.agent.SvidMaker;
import dev.writ.broker.api.Api;
import dev.writ.broker.authority.OwnerBook;
import dev.writ.broker.authority.PolicyBook;
import dev.writ.broker.authority.Snapshots;
import dev.writ.broker.authority.SourceFiles;
import dev.writ.broker.authority.Sources;
import dev.writ.broker.authority.TokenKeys;
import dev.writ.broker.cli.Serving;
import dev.writ.broker.config.Config;
import dev.writ.broker.config.Source;
import dev.writ.broker.doctor.IssuerWatch;
import dev.writ.broker.exchange.Authenticator;
import dev.writ.broker.exchange.Endings;
import dev.writ.broker.exchange.Exchange;
import dev.writ.broker.exchange.Leftovers;
import dev.writ.broker.exchange.Minter;
import dev.writ.broker.exchange.OpenIntents;
import dev.writ.broker.exchange.Refusals;
import dev.writ.broker.github.GitHubQuota;
import dev.writ.broker.github.RepositoryBindings;
import dev.writ.broker.http.Routes;
import dev.writ.broker.http.Server;
import dev.writ.broker.keycloak.RealmFeeds;
import dev.writ.broker.keys.KeySettings;
import dev.writ.broker.keys.KeySlot;
import dev.writ.broker.keys.NodeTokens;
import dev.writ.broker.keys.Sealer;
import dev.writ.broker.ledger.Acts;
import dev.writ.broker.ledger.LedgerUpkeep;
import dev.writ.broker.ledger.LedgerWriter;
import dev.writ.broker.ledger.NodeLease;
import dev.writ.broker.ledger.Orphans;
import dev.writ.broker.ledger.SeenHead;
import dev.writ.broker.metrics.Metrics;
import dev.writ.broker.store.Database;
import dev.writ.broker.store.EmbeddedPostgres;
import dev.writ.broker.token.AccessTokenVerifier;
import dev.writ.broker.token.AccessTokens;
import dev.writ.broker.token.DpopProofs;
import dev.writ.broker.token.JwtSvids;
import dev.writ.broker.token.NodeAssertions;
import dev.writ.broker.trust.AnyClientTrustManager;
import dev.writ.broker.trust.ServerNames;
import dev.writ.broker.writ.Revocations;
import dev.writ.policy.Bounds;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One node: everything wired together, started in order and closed in the opposite one. */
public final class Broker implements Serving {
  private static final Logger log = LoggerFactory.getLogger(Broker.class);

  private final Config config;
  private final Setup setup;
  private final Clock clock = Clock.systemUTC();
  private final Opened opened = new Opened();

  /** What a provider of keys may ask for, once there is a key to sign it. */
  private volatile NodeTokens nodeTokens = KeySettings.NONE.node();

  private List<String> routes = List.of();

  private Broker(Config config) {
    this.config = config;
    this.setup = new Setup(config);
  }

  /** Starts a node that reaches the targets that are configured. */
  public static Broker start(Config config) {
    return start(config, List.of());
  }

  /**
   * Starts a node and returns when it is ready: database, policies and owners loaded, {@code
   * bundle.pem} and {@code operator-token} written.
   *
   * @param others minters of further targets
   * @throws RuntimeException if it cannot start; nothing is left running
   */
  public static Broker start(Config config, List<Minter> others) {
    Broker broker = new Broker(config.listen().port() == 0 ? config.onPort(freePort()) : config);
    try {
      broker.run(others);
      return broker;
    } catch (IOException failed) {
      broker.close();
      throw new UncheckedIOException(failed.getMessage(), failed);
    } catch (RuntimeException | Error failed) {
      broker.close();
      throw failed;
    }
  }

  @Override
  public URI url() {
    return config.issuer();
  }

  /** What this node answers, such as {@code GET /v1/agents/:id}. */
  public List<String> routes() {
    return routes;
  }

  @Override
  public void close() {
    opened.close();
  }

  private void run(List<Minter> others) throws IOException {
    Logging.bridge();
    Path data = config.data();
    if (Files.notExists(data)) {
      Files.createDirectories(
          data, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }
    Early<Vertx> vertx = Early.begin("vertx", Broker::vertx);
    opened.add(() -> vertx.take().close().await());
    Early<FirstKeys> keys =
        Early.begin("keys", () -> FirstKeys.load(config, audience -> nodeTokens.issue(audience)));
    Metrics metrics = new Metrics();
    Early<Metrics> jvm = Early.begin("jvm-metrics", metrics::withJvm);
    Database database = open(database(data));
    SeenHead seen = SeenHead.load(data.resolve("ledger-head"));
    Acts acts = new Acts(database, seen, metrics);
    acts.verify();
    Sealer envelope = keys.take().envelope();
    open(keys.take().providers());
    Deployment.join(
        acts,
        config.issuer().toString(),
        config.trustDomain(),
        envelope,
        config.database().isEmpty());
    TokenKeys tokenKeys = setup.tokenKeys(KeySlot.TOKEN, envelope);
    TokenKeys stsKeys = setup.tokenKeys(KeySlot.STS, envelope);
    tokenKeys.upkeep(acts);
    stsKeys.upkeep(acts);
    Bounds bounds = setup.bounds();
    Snapshots snapshots = new Snapshots(database, tokenKeys, stsKeys, bounds, setup.issuers());
    snapshots.refresh();

    UUID node = UUID.randomUUID();
    nodeTokens =
        new NodeAssertions(
            config.issuer().toString(),
            config.trustDomain(),
            node,
            () -> snapshots.current().tokenKeys(),
            clock);
    OpenIntents intents = new OpenIntents();
    NodeLease lease = new NodeLease(database, node, hostName());
    open(
        LedgerUpkeep.start(
            database, acts, seen, lease, new Orphans(database, acts, node, intents::contains)));
    LedgerWriter ledger = open(new LedgerWriter(database, node, seen, metrics));

    PolicyBook policyBook = new PolicyBook(acts);
    OwnerBook ownerBook = new OwnerBook(acts);
    SourceFiles files = open(new SourceFiles(policyBook, ownerBook, snapshots, bounds));
    Sources sources = new Sources(database);
    LocalFiles.readInto(files, config, snapshots.current(), acts, sources, clock);
    RealmFeeds realms = open(new RealmFeeds(acts, sources, snapshots, clock));
    if (config.owners() instanceof Source.Keycloak from) {
      realms.owners(setup.connection(from, keys.take().providers()), setup.realm(from), ownerBook);
    }
    if (config.policies() instanceof Source.Keycloak from) {
      realms.policies(setup.connection(from, keys.take().providers()), setup.realm(from), bounds);
    }

    KeyDesk desk =
        new KeyDesk(
            new KeyDesk.Parts(
                config,
                node,
                keys.take().providers(),
                envelope,
                database,
                acts,
                snapshots,
                tokenKeys,
                stsKeys,
                clock));
    TrustedRoots roots = desk.roots();
    NodeIdentity identity =
        new NodeIdentity(
            acts,
            node,
            roots,
            snapshots,
            ServerNames.of(setup.serverNames()),
            config.limits().svidLifetime(),
            config.listen().tls().map(tls -> tls.certificate()),
            config.listen().tls().map(tls -> tls.key()),
            clock);
    String issuer = config.issuer().toString();
    JwtSvids svids =
        new JwtSvids(issuer, config.trustDomain(), () -> snapshots.current().tokenKeys());
    AccessTokens tokens = new AccessTokens(issuer, () -> snapshots.current().tokenKeys());
    AgentCache agents = new AgentCache(database);
    Authenticator authenticator =
        new Authenticator(roots::clients, svids, new DpopProofs(issuer), agents, clock);
    Authorities authorities = new Authorities();
    Refusals refusals = new Refusals(ledger);
    Leftovers leftovers = new Leftovers(ledger);
    RepositoryBindings repositories = new RepositoryBindings(database, acts);
    Bindings users = new Bindings(database, acts);
    GitHubQuota quota = new GitHubQuota(clock);
    Targets targets =
        Targets.open(opened, setup, desk, snapshots, repositories, quota, others, clock);
    IssuerWatch issuerWatch = targets.issuerWatch(config.stsIssuer());
    Revocations revocations = open(new Revocations(database, acts, envelope, targets.minters()));
    Alarms alarms = new Alarms(acts);
    Exchange exchange =
        new Exchange(
            new Exchange.Parts(
                snapshots,
                agents,
                authenticator,
                authorities,
                tokens,
                ledger,
                intents,
                leftovers,
                envelope,
                refusals,
                alarms,
                new Endings(database),
                targets.minters(),
                config.limits().credentialLifetime(),
                clock));
    OperatorToken operator = OperatorToken.at(data.resolve("operator-token"));
    desk.operator(operator);
    Api api =
        new Api(
            new Api.Parts(
                config.issuer(),
                config.trustDomain(),
                roots::certificates,
                database,
                snapshots,
                setup.launchers(users, clock),
                operator,
                authenticator,
                setup.rights(),
                exchange,
                new Launching(
                    acts,
                    snapshots,
                    authorities,
                    config.limits().agentLifetime(),
                    config.limits().agentsPerLauncher()),
                new Enrolling(
                    database,
                    acts,
                    new SvidMaker(config.trustDomain(), identity::svids, svids),
                    alarms),
                new Lifecycle(acts, snapshots, config.limits().agentLifetime()),
                new Reenrolling(acts),
                new HandOver(acts, snapshots),
                policyBook,
                ownerBook,
                realms::hint,
                bounds,
                acts,
                authorities,
                new AccessTokenVerifier(issuer, () -> snapshots.current().tokenKeys()),
                setup.resourceServers(),
                setup.gitHosts(),
                metrics,
                revocations,
                repositories,
                users,
                targets.examinations(config.trustDomain(), database, snapshots, clock).doctor(),
                desk,
                clock));
    LocalFiles.write(data.resolve("bundle.pem"), api.bundle());
    desk.follow(
        () -> {
          LocalFiles.update(data.resolve("bundle.pem"), api.bundle());
          identity.upkeep();
        },
        identity::root);
    open(
        Upkeep.start(
            snapshots,
            tokenKeys,
            stsKeys,
            acts,
            desk,
            refusals,
            leftovers,
            revocations,
            issuerWatch,
            database,
            clock));
    Health health = new Health(database, ledger, files, realms, sources, snapshots);
    Gauges gauges =
        Gauges.register(
            jvm.take(),
            new Gauges.Parts(
                health,
                database,
                snapshots,
                realms,
                sources,
                seen,
                intents,
                leftovers,
                alarms,
                identity,
                List.of(tokenKeys, stsKeys),
                desk.watch(),
                quota,
                issuerWatch));
    Server.Tls tls =
        new Server.Tls(identity.server(), new AnyClientTrustManager(roots::certificates));
    Routes management = new Management(health, metrics, gauges).routes();
    routes = api.routes().names();
    new Listeners(opened, vertx.take(), config.listen())
        .serve(api.routes(), tls, management, metrics);
  }

  private static Vertx vertx() {
    return Vertx.vertx(new VertxOptions().setPreferNativeTransport(false));
  }

  private Database database(Path data) {
    return config
        .database()
        .map(external -> Database.open(external.settings()))
        .orElseGet(() -> Database.open(open(EmbeddedPostgres.start(data)).settings()));
  }

  private <T extends AutoCloseable> T open(T part) {
    return opened.add(part);
  }

  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  private static String hostName() {
    return Optional.ofNullable(System.getenv("HOSTNAME")).orElse("localhost");
  }
}
