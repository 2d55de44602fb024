package dev.writ.broker.wire;

import dev.writ.broker.Main;
import dev.writ.broker.store.DatabaseSection;
import dev.writ.broker.store.TestDatabase;
import dev.writ.fixtures.agent.AgentClient;
import dev.writ.fixtures.agent.Launch;
import dev.writ.fixtures.agent.Launcher;
import dev.writ.fixtures.oidc.FakeOidcIssuer;
import dev.writ.fixtures.process.BrokerProcess;
import dev.writ.fixtures.process.Ports;
import dev.writ.fixtures.resource.SampleResourceServer;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * A broker and two resource servers, each a process of its own, and an identity provider. One
 * resource server introspects; the other verifies by discovery alone.
 */
final class PeerStage implements AutoCloseable {
  static final String DEPLOY = "https://deploy.internal";
  static final String WIKI = "https://wiki.internal";

  private static final List<String> QUICK_START =
      List.of("-Xmx256m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC");

  private final Deque<Runnable> opened = new ArrayDeque<>();
  private final FakeOidcIssuer people = open(FakeOidcIssuer.https(), FakeOidcIssuer::close);
  private final Path folder;
  private final URI url;
  private final Resource introspecting;
  private final Resource local;

  /**
   * A resource server.
   *
   * @param caPem the authority of its certificate
   */
  record Resource(URI url, String caPem) {}

  PeerStage(Path folder, TestDatabase database) throws IOException {
    this.folder = folder;
    Path config = configure(database, Ports.free());
    BrokerProcess broker =
        open(
            BrokerProcess.java(Main.class.getName(), folder.resolve("broker"), QUICK_START)
                .args("serve", "--config", config.toString())
                .start(),
            BrokerProcess::close);
    url = URI.create(broker.url());
    Path token = Files.writeString(folder.resolve("token"), people.client("deploy").sign());
    introspecting = resource("introspecting", "--introspection-token", token.toString());
    local = resource("local");
  }

  private Path configure(TestDatabase database, int port) throws IOException {
    Path policies = Files.createDirectories(folder.resolve("policies"));
    Files.writeString(
        policies.resolve("deployer.yaml"),
        """
        name: deployer
        lifetime: { agent: 12h, credential: 1h }
        launch: [ "keycloak/user:ada" ]
        grants:
          - internal: { audience: "https://deploy.internal", scopes: [ "deploy:read", "deploy:staging" ] }
          - internal: { audience: "https://wiki.internal", scopes: [ "wiki:read" ] }
        """);
    Files.writeString(folder.resolve("owners.yaml"), "users: [ ada ]\n");
    Files.writeString(folder.resolve("kc-ca.pem"), people.caPem());
    return Files.writeString(
        folder.resolve("writ.yaml"),
        """
        issuer: https://localhost:%d
        trust-domain: writ.test
        listen: { port: %d, management-port: 0 }
        data: broker
        policies: { directory: policies }
        owners: { file: owners.yaml }
        launchers: [ { name: keycloak, issuer: "%s", audience: writ, ca: kc-ca.pem, clients: { deploy: "%s" } } ]
        resource-servers: [ { principal: "keycloak/client:deploy", audience: "https://deploy.internal" } ]
        %s
        """
            .formatted(
                port,
                port,
                people.issuer(),
                FakeOidcIssuer.clientSubject("deploy"),
                DatabaseSection.of(database.settings(), folder.resolve("password"))));
  }

  private Resource resource(String name, String... more) throws IOException {
    Path ca = folder.resolve(name + "-ca.pem");
    BrokerProcess process =
        open(
            BrokerProcess.java(
                    SampleResourceServer.class.getName(), folder.resolve(name), QUICK_START)
                .args("--issuer", url.toString(), "--audience", DEPLOY)
                .args("--trust", folder.resolve("broker/bundle.pem").toString())
                .args("--ca-out", ca.toString())
                .args("--scope", "GET=deploy:read", "--scope", "POST=deploy:staging")
                .args(more)
                .readyLine("^ready (https://\\S+)")
                .start(),
            BrokerProcess::close);
    return new Resource(URI.create(process.url()), Files.readString(ca));
  }

  /** Verifies by discovery, and asks whether a token is active still. */
  Resource introspecting() {
    return introspecting;
  }

  /** Verifies by discovery alone. */
  Resource local() {
    return local;
  }

  URI url() {
    return url;
  }

  String bundle() throws IOException {
    return Files.readString(folder.resolve("broker/bundle.pem"));
  }

  Launcher ada() throws IOException {
    return open(Launcher.at(url, bundle(), people.user("ada").sign()), Launcher::close);
  }

  /** Launched by ada for herself, and enrolled. */
  AgentClient agent() throws IOException {
    return open(
        ada().bringUp(Launch.of("deployer").owner("user:ada").labels(Map.of("peer", "test"))),
        AgentClient::close);
  }

  private <T> T open(T part, Consumer<T> close) {
    opened.push(() -> close.accept(part));
    return part;
  }

  @Override
  public void close() {
    while (!opened.isEmpty()) {
      opened.pop().run();
    }
  }
}
