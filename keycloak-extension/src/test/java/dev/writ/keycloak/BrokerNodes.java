package dev.writ.keycloak;

import dev.writ.broker.Broker;
import dev.writ.broker.config.Config;
import dev.writ.broker.config.ConfigReader;
import dev.writ.fixtures.agent.AgentClient;
import dev.writ.fixtures.agent.Launch;
import dev.writ.fixtures.agent.Launcher;
import dev.writ.fixtures.http.Http;
import dev.writ.fixtures.http.Reply;
import dev.writ.fixtures.keycloak.KeycloakRealm;
import dev.writ.fixtures.keycloaksource.SourceRealm;
import dev.writ.fixtures.keys.AgentKey;
import dev.writ.fixtures.process.Ports;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;

/**
 * Nodes of one broker, on one database, that take policies, owners and logins from a realm of a
 * real Keycloak. Admins are the realm's group {@code security}.
 */
final class BrokerNodes implements AutoCloseable {
  private final Path folder;
  private final TestPostgres.Database database;
  private final KeycloakRealm realm;
  private final Path key;
  private final int issuerPort = Ports.free();
  private final Deque<AutoCloseable> opened = new ArrayDeque<>();
  private String first = "";

  BrokerNodes(Path folder, TestPostgres postgres, KeycloakRealm realm) throws IOException {
    this.folder = folder;
    this.database = postgres.database("writ_nodes");
    this.realm = realm;
    AgentKey client = AgentKey.generate();
    this.key =
        Files.createFile(
            folder.resolve("client.pem"),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(key, client.privatePem());
    new RealSourceRealm(realm).client(SourceRealm.BROKER_CLIENT, client.pair().getPublic());
  }

  /** Starts a node; the first one is the issuer. */
  Node start(String name) throws IOException {
    int port = first.isEmpty() ? issuerPort : Ports.free();
    int management = Ports.free();
    Path data = folder.resolve(name);
    String from =
        "{ keycloak: { realm-url: \"%s\", client-id: %s, key: \"file:%s\" } }"
            .formatted(realm.url(), SourceRealm.BROKER_CLIENT, key);
    String yaml =
        """
        issuer: https://localhost:%d
        trust-domain: writ.test
        listen: { host: localhost, port: %d, management-port: %d }
        data: "%s"
        database: { url: "%s", user: "%s", password: "file:%s" }
        policies: %s
        owners: %s
        launchers: [ { name: keycloak, issuer: "%s", audience: writ } ]
        admins: [ "keycloak/group:security" ]
        %s
        """
            .formatted(
                issuerPort,
                port,
                management,
                data,
                database.address(),
                database.user(),
                database.passwordFile(),
                from,
                from,
                realm.url(),
                keys());
    Path file = Files.writeString(folder.resolve(name + ".yaml"), yaml);
    Config config = new ConfigReader(folder, Map.of(), Map.of()).read(file).orElseThrow();
    Broker broker = Broker.start(config);
    opened.push(broker::close);
    first = first.isEmpty() ? name : first;
    return new Node(
        URI.create("https://localhost:" + port),
        management,
        Files.readString(data.resolve("bundle.pem")));
  }

  private String keys() {
    String keys = folder.resolve(first).resolve("keys").toString();
    return first.isEmpty()
        ? ""
        : "keys: { root: \"file:%1$s/root.pem\", envelope: \"file:%1$s/envelope.key\" }"
            .formatted(keys);
  }

  /** How many credentials were ever given out. */
  long minted() {
    return Long.parseLong(database.text("select count(*)::text from writ"));
  }

  TestPostgres.Database database() {
    return database;
  }

  @Override
  public void close() {
    for (AutoCloseable one : opened) {
      try {
        one.close();
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    }
    database.drop();
  }

  /** One running node. */
  record Node(URI url, int managementPort, String bundle) {
    Launcher as(String accessToken) {
      return Launcher.at(url, bundle, accessToken);
    }

    /** Launched with somebody's access token, and enrolled. */
    AgentClient agent(String accessToken, String policy, String owner) {
      try (Launcher launcher = as(accessToken)) {
        return launcher.bringUp(Launch.of(policy).owner(owner));
      }
    }

    Reply management(String path) {
      try (Http http = Http.plain()) {
        return http.get(URI.create("http://127.0.0.1:" + managementPort + path));
      } catch (UncheckedIOException e) {
        throw new AssertionError(e);
      }
    }

    double metric(String series) {
      return management("/metrics")
          .expect(200)
          .body()
          .lines()
          .filter(line -> line.startsWith(series + " "))
          .mapToDouble(line -> Double.parseDouble(line.substring(series.length() + 1)))
          .findFirst()
          .orElse(Double.NaN);
    }
  }
}
