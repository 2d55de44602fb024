package dev.writ.broker.wire;

import dev.writ.broker.Broker;
import dev.writ.broker.config.Config;
import dev.writ.broker.config.ConfigReader;
import dev.writ.broker.exchange.Minter;
import dev.writ.broker.store.Database;
import dev.writ.broker.store.TestDatabase;
import dev.writ.fixtures.agent.AgentClient;
import dev.writ.fixtures.agent.Launch;
import dev.writ.fixtures.agent.Launcher;
import dev.writ.fixtures.agent.Via;
import dev.writ.fixtures.github.App;
import dev.writ.fixtures.github.FakeGitHub;
import dev.writ.fixtures.http.Http;
import dev.writ.fixtures.http.Reply;
import dev.writ.fixtures.http.Traffic;
import dev.writ.fixtures.oidc.FakeOidcIssuer;
import dev.writ.fixtures.oidc.KeycloakToken;
import dev.writ.fixtures.process.Ports;
import dev.writ.policy.Bounds;
import dev.writ.policy.Policy;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A broker for a test class, on a fresh database of the shared test PostgreSQL:
 *
 * <pre>{@code
 * @RegisterExtension static final TestBroker BROKER = TestBroker.withPolicy("deployer", yaml);
 * }</pre>
 *
 * <p>Its owners are {@code user:ada}, {@code user:grace} and {@code group:platform} of both, unless
 * said otherwise. Whatever is exchanged with it has to be as its OpenAPI document describes.
 */
final class TestBroker implements BeforeAllCallback, AfterAllCallback {
  private static final String OWNERS =
      """
      users: [ ada, grace, mallory ]
      groups:
        - name: platform
          members: [ ada, grace ]
          rotation: { weeks: 1, handover: "Mon 09:00 Europe/Berlin", from: 2026-01-05 }
      """;

  private final ApiCheck check = new ApiCheck();
  private final TestDatabase database = TestDatabase.migrated();
  private final Map<String, String> policies = new LinkedHashMap<>();
  private final Deque<AutoCloseable> opened = new ArrayDeque<>();
  private final ManagementPort management = new ManagementPort(Ports.free());
  private final Map<String, String> variables = new LinkedHashMap<>();
  private final StringBuilder settings = new StringBuilder();
  private Supplier<String> lateSettings = () -> "";
  private String owners = OWNERS;
  private List<Minter> minters = List.of();
  private String host = "localhost";
  private boolean embedded;
  private Optional<FakeOidcIssuer> people = Optional.empty();
  private Optional<GitHubSection> hub = Optional.empty();
  private @Nullable Path folder;
  private @Nullable Broker broker;

  private TestBroker() {}

  static TestBroker withPolicy(String name, String yaml) {
    return new TestBroker().policy(name, yaml);
  }

  /** A further policy; {@code name:} is written for it. */
  TestBroker policy(String name, String yaml) {
    policies.put(name, "name: " + name + "\n" + yaml);
    return this;
  }

  TestBroker owners(String yaml) {
    owners = yaml;
    return this;
  }

  /** Further lines of {@code writ.yaml}. */
  TestBroker settings(String yaml) {
    settings.append(yaml);
    return this;
  }

  /** A setting of every node, as the environment says it: {@code WRIT_KEYS_PUBLISH_AHEAD}. */
  TestBroker variable(String name, String value) {
    variables.put(name, value);
    return this;
  }

  /** Further lines that are known only when the broker starts. */
  TestBroker settings(Supplier<String> yaml) {
    lateSettings = yaml;
    return this;
  }

  /** Reaches these targets. */
  TestBroker minters(Minter... all) {
    minters = List.of(all);
    return this;
  }

  /** People and services log in at a provider, known as {@code keycloak}; no operator token. */
  TestBroker withPeople() {
    people = Optional.of(FakeOidcIssuer.https());
    return this;
  }

  /** Listens there and not on localhost. */
  TestBroker listeningOn(String address) {
    host = address;
    return this;
  }

  /** Its App is installed at this GitHub, in acme. The fake is the caller's to close. */
  TestBroker withGitHub(FakeGitHub gitHub, App... apps) {
    return withGitHub(gitHub, gitHub.url(), apps);
  }

  /** The same, reached at another address. */
  TestBroker withGitHub(FakeGitHub gitHub, URI api, App... apps) {
    hub = Optional.of(new GitHubSection(gitHub, api, List.of(apps)));
    return this;
  }

  /** On a PostgreSQL of its own, and so with files that are watched. */
  TestBroker embedded() {
    embedded = true;
    return this;
  }

  URI url() {
    return node().url();
  }

  /** Operations and statuses that were seen here, such as {@code GET /v1/agents/{id} 200}. */
  Set<String> seen() {
    return check.seen();
  }

  /** What the management port answers. */
  Reply management(String path) {
    return management.get(path);
  }

  /**
   * One metric's value, named with its labels as the text format writes them; 0 if it is absent.
   */
  double metric(String series) {
    return management.metric(series).orElse(0);
  }

  /** What it answers, such as {@code GET /v1/agents/:id}. */
  List<String> routes() {
    return node().routes();
  }

  /** The trust bundle, PEM. */
  String bundle() {
    return NodeFiles.read(data().resolve("bundle.pem"));
  }

  Path policyFile(String name) {
    return folder().resolve("policies").resolve(name + ".yaml");
  }

  Path ownersFile() {
    return folder().resolve("owners.yaml");
  }

  FakeOidcIssuer people() {
    return people.orElseThrow();
  }

  Launcher operator() {
    return bearer(operatorToken());
  }

  /** {@code Bearer} and the operator token: what its {@code Authorization} header holds. */
  String operatorHeader() {
    return "Bearer " + operatorToken();
  }

  private String operatorToken() {
    return NodeFiles.read(data().resolve("operator-token")).strip();
  }

  Launcher bearer(String token) {
    return keep(Launcher.at(url(), bundle(), token));
  }

  /** Whoever holds this provider's token. */
  Launcher as(KeycloakToken token) {
    return bearer(token.sign());
  }

  AgentClient newAgent() {
    return keep(AgentClient.at(url(), bundle()));
  }

  /** Launched by the operator for ada, and enrolled. */
  AgentClient agent(String policy) {
    return agent(Launch.of(policy).owner("user:ada"));
  }

  AgentClient agent(Launch launch) {
    return keep(operator().bringUp(launch));
  }

  /** Nobody, who trusts the broker. */
  Http anybody() {
    return keep(Http.trusting(bundle()));
  }

  /** Nobody, who trusts somebody else. */
  Http anybodyTrusting(String caPem) {
    return keep(Http.trusting(caPem));
  }

  /** A child of the parent, enrolled. */
  AgentClient child(AgentClient parent, Via via, Launch launch) {
    AgentClient child = newAgent();
    child.enrol(parent.launch(via, launch).expect(201).text("enrolment_token")).expect(200);
    return child;
  }

  /** Puts a policy in force beside the others, which stay as they are. */
  Reply apply(Launcher admin, String name, String yaml) {
    policy(name, yaml);
    return admin.send("POST", "/v1/policies/apply", Map.of(), policySet()).expect(200);
  }

  /** Puts all its policies in force but this one. */
  Reply withdraw(Launcher admin, String name) {
    policies.remove(name);
    return admin.send("POST", "/v1/policies/apply", Map.of(), policySet()).expect(200);
  }

  /** The body that applies all its policies. */
  String policySet() {
    return policies.values().stream()
        .map(text -> Policy.yaml(text, Bounds.DEFAULT).orElseThrow().toJson())
        .collect(Collectors.joining(",", "{\"comment\":\"test\",\"policies\":[", "]}"));
  }

  /** A second node on the same database, with the same keys and issuer. */
  URI secondNode() throws IOException {
    Path keys = keys();
    return anotherNode(
        "keys: { root: \"file:%s\", envelope: \"file:%s\", checkpoint: \"file:%s\" }\n"
            .formatted(
                keys.resolve("root.pem"),
                keys.resolve("envelope.key"),
                keys.resolve("checkpoint.pem")));
  }

  /** A further node on the same database, with the same issuer and the keys of this section. */
  URI anotherNode(String keys) throws IOException {
    int port = Ports.free();
    Path own = folder().resolve("data" + port);
    String yaml = "issuer: " + url() + "\n" + common(folder(), port, 0, own) + keys;
    opened.push(start(folder(), "node" + port + ".yaml", yaml));
    URI node = URI.create("https://localhost:" + port);
    opened.push(Traffic.watch(node, check));
    return node;
  }

  /** What its ledger and tables tell. */
  Records records() {
    return new Records(database());
  }

  /** The answer to a request that must not mint, intend or hand out anything. */
  Reply mintsNothing(Supplier<Reply> request) {
    return records().mintsNothing(request);
  }

  /** Its database, to be looked into and tampered with. */
  Database database() {
    return database.database();
  }

  /** The folder of its keys. */
  Path keys() {
    return data().resolve("keys");
  }

  @Override
  public void beforeAll(ExtensionContext context) throws IOException {
    Path own = Files.createTempDirectory("writ-wire-");
    folder = own;
    database.beforeAll(context);
    Files.createDirectory(own.resolve("policies"));
    for (Map.Entry<String, String> policy : policies.entrySet()) {
      Files.writeString(policyFile(policy.getKey()), policy.getValue());
    }
    Files.writeString(own.resolve("owners.yaml"), owners);
    broker =
        start(
            own,
            "writ.yaml",
            common(own, 0, management.port(), data())
                + "policies: { directory: policies }\nowners: { file: owners.yaml }\n");
    opened.push(Traffic.watch(url(), check));
  }

  private String common(Path own, int port, int management, Path data) throws IOException {
    String launchers = "";
    if (people.isPresent()) {
      Path ca = Files.writeString(own.resolve("kc-ca.pem"), people().caPem());
      launchers =
          "launchers: [ { name: keycloak, issuer: \"%s\", audience: writ, ca: \"%s\", clients: { orchestrator: \"%s\", deploy: \"%s\" } } ]\n"
              .formatted(
                  people().issuer(),
                  ca,
                  FakeOidcIssuer.clientSubject("orchestrator"),
                  FakeOidcIssuer.clientSubject("deploy"));
    }
    return "trust-domain: writ.test\nlisten: { host: %s, port: %d, management-port: %d }\ndata: \"%s\"\n"
            .formatted(host, port, management, data)
        + (embedded ? "" : database.configured(own))
        + launchers
        + (hub.isPresent() ? hub.get().written(own) : "")
        + settings
        + lateSettings.get();
  }

  private Broker start(Path folder, String file, String yaml) throws IOException {
    Files.writeString(folder.resolve(file), yaml);
    Config config = new ConfigReader(folder, variables, Map.of()).read(Path.of(file)).orElseThrow();
    return Broker.start(config, minters);
  }

  @Override
  public void afterAll(ExtensionContext context) throws Exception {
    try {
      for (AutoCloseable one : List.copyOf(opened)) {
        one.close();
      }
      if (broker != null) {
        broker.close();
      }
      people.ifPresent(FakeOidcIssuer::close);
      database.afterAll(context);
    } finally {
      NodeFiles.delete(folder());
    }
  }

  private <T extends AutoCloseable> T keep(T one) {
    opened.push(one);
    return one;
  }

  private Broker node() {
    return Objects.requireNonNull(broker, "not before the class's first test");
  }

  private Path folder() {
    return Objects.requireNonNull(folder, "not before the class's first test");
  }

  private Path data() {
    return folder().resolve("data");
  }

  /** Stops the node and starts it again on the same data and database. */
  void restart() throws IOException {
    int port = url().getPort();
    node().close();
    String yaml = Files.readString(folder().resolve("writ.yaml"));
    String fixed = yaml.replace("localhost, port: 0", "localhost, port: " + port);
    broker = start(folder(), "writ.yaml", fixed);
  }
}
