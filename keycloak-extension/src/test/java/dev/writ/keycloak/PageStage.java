package dev.writ.keycloak;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.util.Base64URL;
import dev.writ.fixtures.github.Account;
import dev.writ.fixtures.github.App;
import dev.writ.fixtures.github.FakeGitHub;
import dev.writ.fixtures.github.GitHubOptions;
import dev.writ.fixtures.keycloak.KeycloakRealm;
import dev.writ.fixtures.keycloak.KeycloakRealm.Workload;
import dev.writ.fixtures.keycloak.KeycloakServer;
import dev.writ.fixtures.keys.AgentKey;
import dev.writ.fixtures.process.BrokerProcess;
import dev.writ.fixtures.process.Ports;
import dev.writ.fixtures.process.Scratch;
import dev.writ.fixtures.sts.FakeSts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What the page's stories happen on: a realm, and a broker that has policies, owners and logins
 * from there. Its targets are stand-ins for GitHub ({@code acme} with three repositories) and for
 * AWS (the account {@code 123456789012}).
 *
 * <p>In the realm, {@code ada} administers it and the broker, {@code grace} may look at it and
 * {@code eve} may do nothing; ada and grace are {@code group:platform}, and ada is on duty. A
 * client {@code orchestrator} logs in as itself.
 */
final class PageStage implements AutoCloseable {
  private static final String TRUST_DOMAIN = "acme.example";
  private static final String KEY = "keycloak.pem";
  private static final String APP_KEY = "app.pem";
  private static final String GITHUB_CA = "github-ca.pem";

  private final Deque<AutoCloseable> opened = new ArrayDeque<>();
  private final Scratch scratch = Scratch.inMemory("writ-stories-");
  private final FakeGitHub github = open(FakeGitHub.start(GitHubOptions.defaults().enterprise()));
  private final FakeSts sts = open(new FakeSts(FakeSts.Account.right(TRUST_DOMAIN)));
  private final App app = github.app("writ");
  private final KeycloakServer keycloak;
  private final KeycloakRealm realm;
  private final Workload orchestrator;
  private String agents = "";

  private PageStage(TestKeycloak shared) {
    keycloak = shared.server();
    realm = shared.realm();
    orchestrator = realm.workload("orchestrator");
  }

  static PageStage open(TestKeycloak keycloak) {
    PageStage stage = new PageStage(keycloak);
    try {
      stage.start();
      return stage;
    } catch (RuntimeException e) {
      stage.close();
      throw e;
    }
  }

  private void start() {
    people();
    orchestratorsAudience();
    brokersClient();
    repositories();
    URI broker = URI.create(open(startBroker()).url());
    String bundle = read(scratch.path("data").resolve("bundle.pem"));
    agents = open(new AgentDesk(broker, bundle, this::token)).url().toString();
    ObjectNode settings = WritApi.object();
    settings.putObject("broker").put("url", broker.toString()).put("ca", bundle);
    WritApi.of(realm).send("PUT", "settings", settings.toString()).expect(200);
  }

  /** What is to be closed in the end, the last one first. */
  private <T extends AutoCloseable> T open(T one) {
    opened.push(one);
    return one;
  }

  private void people() {
    realm.user("ada").joins("platform").joins("security").manages("realm-admin");
    realm.user("grace").joins("platform").manages("view-realm");
    realm.user("eve");
    Instant today = Instant.now().truncatedTo(ChronoUnit.DAYS);
    String week = today + "/" + today.plus(Duration.ofDays(7)) + " ada";
    realm.attributes(realm.group("platform"), Map.of("writ.override", List.of(week)));
    realm.allowPasswords("writ-console");
  }

  private void orchestratorsAudience() {
    ObjectNode mapper = WritApi.object();
    mapper.put("name", "audience writ").put("protocol", "openid-connect");
    mapper.put("protocolMapper", "oidc-audience-mapper");
    mapper
        .putObject("config")
        .put("included.custom.audience", "writ")
        .put("access.token.claim", "true");
    String id =
        realm.admin().get(realm.path("/clients?clientId=orchestrator")).at("/0/id").asText();
    realm
        .send("POST", "/clients/" + id + "/protocol-mappers/models", mapper.toString())
        .expect(201);
  }

  private void brokersClient() {
    AgentKey key = AgentKey.generate();
    scratch.secret(KEY, key.privatePem());
    ObjectNode client = WritApi.object();
    client.put("clientId", "writ-broker").put("serviceAccountsEnabled", true);
    client.put("standardFlowEnabled", false).put("clientAuthenticatorType", "client-jwt");
    client
        .putObject("attributes")
        .put("token.endpoint.auth.signing.alg", "ES256")
        .put("use.jwks.string", "true")
        .put("jwks.string", jwks(key));
    realm.send("POST", "/clients", client.toString()).expect(201);
  }

  /** With the id that Keycloak itself gives to a key that is uploaded there. */
  private static String jwks(AgentKey key) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(key.pair().getPublic().getEncoded());
      ECKey jwk =
          new ECKey.Builder(key.publicJwk())
              .keyUse(KeyUse.SIGNATURE)
              .keyID(Base64URL.encode(hash).toString())
              .build();
      return new JWKSet(jwk).toString();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  private void repositories() {
    Account acme = github.organization("acme");
    List.of("api", "web", "docs").forEach(acme::repository);
    app.install(
        acme,
        Map.of(
            "contents", "write", "pull_requests", "write", "issues", "write", "metadata", "read"));
    scratch.secret(APP_KEY, app.key().pem());
    scratch.write(GITHUB_CA, github.caPem());
  }

  private BrokerProcess startBroker() {
    String source =
        "{ keycloak: { realm-url: \"%s\", client-id: writ-broker, key: \"file:%s\" } }"
            .formatted(realm.url(), KEY);
    int port = Ports.free();
    Path config =
        scratch.write(
            "writ.yaml",
            """
            issuer: https://localhost:%d
            trust-domain: %s
            listen: { port: %d, management-port: %d }
            data: data
            policies: %s
            owners: %s
            launchers:
              - { name: keycloak, issuer: "%s", audience: writ, clients: { orchestrator: "%s" } }
            admins: [ "keycloak/group:security" ]
            github: [ { api: "%s", app-id: "%d", key: "file:%s", accounts: [ acme ], ca: %s } ]
            aws: [ { account: "123456789012", sts: "%s" } ]
            """
                .formatted(
                    port,
                    TRUST_DOMAIN,
                    port,
                    Ports.free(),
                    source,
                    source,
                    realm.url(),
                    orchestrator.userId(),
                    github.url(),
                    app.id(),
                    APP_KEY,
                    GITHUB_CA,
                    sts.url()));
    return BrokerProcess.java("dev.writ.broker.Main", scratch.path("data"))
        .args("serve", "--config", config.toString())
        .start();
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String token(String who) {
    return who.equals("orchestrator")
        ? orchestrator.token()
        : realm.person(who).token("writ-console");
  }

  /** What the stories have to know. */
  Map<String, String> environment(Path browser) {
    Map<String, String> environment = new TreeMap<>();
    environment.put("CHROMIUM", browser.toString());
    environment.put("CHECKOUT", Path.of("..").toAbsolutePath().normalize().toString());
    environment.put("PAGE", Path.of("target/page/dist").toAbsolutePath().toString());
    environment.put("KEYCLOAK_URL", keycloak.url().toString());
    environment.put("KEYCLOAK_ADMIN", KeycloakServer.ADMIN + ":" + KeycloakServer.PASSWORD);
    environment.put("STAGE_REALM", realm.name());
    environment.put("STAGE_AGENTS", agents);
    environment.put("STAGE_PASSWORD", KeycloakRealm.PASSWORD);
    environment.put("FAILED_SHOTS", Path.of("target/failed-stories").toAbsolutePath().toString());
    String shots = System.getProperty("page.shots", "");
    if (!shots.isEmpty()) {
      environment.put("SHOTS", Path.of(shots).toAbsolutePath().toString());
    }
    return environment;
  }

  @Override
  public void close() {
    opened.forEach(PageStage::close);
    scratch.delete();
  }

  /** One that cannot be closed does not keep the others from it. */
  private static void close(AutoCloseable one) {
    try {
      one.close();
    } catch (Exception e) {
      System.err.println("A part of the page's stage cannot be closed: " + e);
    }
  }
}
