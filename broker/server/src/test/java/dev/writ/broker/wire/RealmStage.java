package dev.writ.broker.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.writ.broker.Broker;
import dev.writ.broker.config.Config;
import dev.writ.broker.config.ConfigReader;
import dev.writ.broker.store.TestDatabase;
import dev.writ.fixtures.agent.AgentClient;
import dev.writ.fixtures.agent.Ask;
import dev.writ.fixtures.agent.Launch;
import dev.writ.fixtures.agent.Launcher;
import dev.writ.fixtures.agent.Via;
import dev.writ.fixtures.http.Reply;
import dev.writ.fixtures.http.Traffic;
import dev.writ.fixtures.keycloaksource.SourceRealm;
import dev.writ.fixtures.keys.AgentKey;
import dev.writ.fixtures.process.Ports;
import dev.writ.policy.Bounds;
import dev.writ.policy.Policy;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Nodes on one database that take policies and owners from a realm. */
final class RealmStage implements AutoCloseable {
  static final String DEPLOY = "https://deploy.internal";
  static final Ask READ = Ask.internal(DEPLOY, "deploy:read");
  static final Ask STAGING = Ask.internal(DEPLOY, "deploy:staging");
  static final String WIDE =
      """
      lifetime: { agent: 12h, credential: 1h }
      launch: [ "operator", "keycloak/user:ada", "keycloak/user:grace" ]
      owners: [ "group:platform", "user:ada", "user:grace" ]
      grants:
        - internal: { audience: "https://deploy.internal", scopes: [ "deploy:read", "deploy:staging" ] }
      """;
  static final String NARROW = WIDE.replace(", \"deploy:staging\"", "");

  private final Path folder;
  private final TestDatabase database;
  private final SourceRealm realm;
  private final AgentKey key = AgentKey.generate();
  private final Path keyFile;
  private final ApiCheck check = new ApiCheck();
  private final Deque<AutoCloseable> opened = new ArrayDeque<>();
  private String first = "";

  RealmStage(Path folder, TestDatabase database, SourceRealm realm) throws IOException {
    this.folder = folder;
    this.database = database;
    this.realm = realm;
    this.keyFile = folder.resolve("kc-client.pem");
    NodeFiles.secret(keyFile, key.privatePem());
    Files.writeString(folder.resolve("kc-ca.pem"), realm.caPem());
    letIn(realm);
    realm.user("ada", true);
    realm.user("grace", true);
    realm.group("platform", List.of("ada", "grace"));
  }

  /** Refused, and nothing was given out. */
  Reply refused(AgentClient agent, Ask ask, String error) {
    int before = minted();
    Reply reply = agent.exchange(Via.MTLS, ask);
    assertEquals(error, reply.error(), reply::toString);
    assertEquals(before, minted(), "something was given out");
    return reply;
  }

  /** Lets the brokers' client read there, too. */
  void letIn(SourceRealm other) {
    other.client(SourceRealm.BROKER_CLIENT, key.pair().getPublic());
  }

  /** As the realm keeps it. */
  static String json(String name, String yaml) {
    return Policy.yaml("name: " + name + "\n" + yaml, Bounds.DEFAULT).orElseThrow().toJson();
  }

  static int save(SourceRealm at, String name, String yaml) {
    return at.save(name, json(name, yaml), "test");
  }

  /** The section's value that names a realm. */
  String keycloak(SourceRealm from) {
    String ca = from.caPem().isEmpty() ? "" : ", ca: kc-ca.pem";
    return "keycloak: { realm-url: \"%s\", client-id: %s, key: \"file:%s\"%s }"
        .formatted(from.url(), SourceRealm.BROKER_CLIENT, keyFile, ca);
  }

  /** The lines that let a node take everything from the realm. */
  String sources() {
    return "policies: { %s }\nowners: { %s }\n".formatted(keycloak(realm), keycloak(realm));
  }

  Node node(String name) throws IOException {
    return node(name, sources());
  }

  /**
   * Starts a node.
   *
   * @param settings where policies and owners come from, and whatever else
   * @throws IllegalStateException if it does not start
   */
  Node node(String name, String settings) throws IOException {
    Path data = folder.resolve(name);
    ManagementPort management = new ManagementPort(Ports.free());
    String keys =
        first.isEmpty()
            ? ""
            : "keys: { root: \"file:%1$s/keys/root.pem\", envelope: \"file:%1$s/keys/envelope.key\" }\n"
                .formatted(folder.resolve(first));
    String yaml =
        "issuer: https://localhost:%d\ntrust-domain: writ.test\nlisten: { host: localhost, port: %d, management-port: %d }\ndata: \"%s\"\n"
                .formatted(port(), first.isEmpty() ? port() : Ports.free(), management.port(), data)
            + keys
            + database.configured(folder)
            + settings;
    Path file = Files.writeString(folder.resolve(name + ".yaml"), yaml);
    Config config = new ConfigReader(folder, Map.of(), Map.of()).read(file).orElseThrow();
    Broker broker = Broker.start(config);
    first = first.isEmpty() ? name : first;
    Node node =
        new Node(
            broker, URI.create("https://localhost:" + config.listen().port()), management, data);
    opened.push(node);
    opened.push(Traffic.watch(node.url(), check));
    return node;
  }

  private int port;

  /** Of the issuer, on which the first node listens. */
  private int port() {
    if (port == 0) {
      port = Ports.free();
    }
    return port;
  }

  /** Number of credentials that were given out. */
  int minted() {
    return records().writs();
  }

  /** Lines of a query's column {@code text}. */
  List<String> texts(String sql, Object... parameters) {
    return records().texts(sql, parameters);
  }

  void sql(String sql, Object... parameters) {
    records().update(sql, parameters);
  }

  private Records records() {
    return new Records(database.database());
  }

  @Override
  public void close() throws Exception {
    for (AutoCloseable one : opened) {
      one.close();
    }
  }

  /** One running node. */
  static final class Node implements AutoCloseable {
    private final Broker broker;
    private final URI url;
    private final ManagementPort management;
    private final Path data;

    /**
     * Kept, for tests ask again and again until something is so: a connection each would cost more.
     */
    private final Map<String, Launcher> launchers = new ConcurrentHashMap<>();

    Node(Broker broker, URI url, ManagementPort management, Path data) {
      this.broker = broker;
      this.url = url;
      this.management = management;
      this.data = data;
    }

    URI url() {
      return url;
    }

    String bundle() {
      return NodeFiles.read(data.resolve("bundle.pem"));
    }

    Launcher operator() {
      return bearer(NodeFiles.read(data.resolve("operator-token")).strip());
    }

    Launcher bearer(String token) {
      return launchers.computeIfAbsent(token, one -> Launcher.at(url, bundle(), one));
    }

    AgentClient agent(String policy, String owner) {
      return operator().bringUp(Launch.of(policy).owner(owner));
    }

    /** The same agent as seen at this node, for it has its identity anywhere. */
    Reply management(String path) {
      return management.get(path);
    }

    Reply health() {
      return management("/health/ready");
    }

    double metric(String series) {
      return management.metric(series).orElse(Double.NaN);
    }

    @Override
    public void close() {
      launchers.values().forEach(Launcher::close);
      broker.close();
    }
  }
}
