package dev.writ.keycloak;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.oauth2.sdk.auth.PrivateKeyJWT;
import com.nimbusds.oauth2.sdk.id.ClientID;
import dev.writ.fixtures.agent.Launch;
import dev.writ.fixtures.agent.Launcher;
import dev.writ.fixtures.http.Reply;
import dev.writ.fixtures.keycloak.KeycloakRealm;
import dev.writ.fixtures.keys.AgentKey;
import dev.writ.fixtures.oidc.FakeOidcIssuer;
import dev.writ.fixtures.process.BrokerProcess;
import dev.writ.fixtures.process.Ports;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** People and orchestrators of a real realm call a broker that trusts it. */
class LoginTest {
  @RegisterExtension static final TestKeycloak KEYCLOAK = TestKeycloak.onPostgres();
  @TempDir private static Path folder;

  private static final AgentKey KEY = AgentKey.generate();
  private static final FakeOidcIssuer CLUSTER = FakeOidcIssuer.http();

  @SuppressWarnings("NullAway.Init") // before the first test
  private static KeycloakRealm realm;

  @SuppressWarnings("NullAway.Init")
  private static BrokerProcess broker;

  @BeforeAll
  static void start() throws IOException {
    realm = KEYCLOAK.server().usualRealm("acme");
    ObjectNode orchestrator = LauncherPage.block("orchestrator");
    ObjectNode attributes = LauncherPage.object(orchestrator, "attributes");
    attributes.remove("use.jwks.url");
    attributes.remove("jwks.url");
    attributes.put("use.jwks.string", "true");
    ECKey key = new ECKey.Builder(KEY.publicJwk()).keyUse(KeyUse.SIGNATURE).build();
    attributes.put("jwks.string", new JWKSet(key).toString());
    orchestrator.put("directAccessGrantsEnabled", true); // for the person behind its client
    realm.send("POST", "/clients", orchestrator.toString()).expect(201);

    ObjectNode pod = orchestrator.deepCopy();
    ObjectNode federated = LauncherPage.block("kubernetes-client");
    pod.put("clientId", "pod");
    pod.setAll((ObjectNode) federated.without("attributes"));
    pod.set("attributes", LauncherPage.block("kubernetes-client").path("attributes"));
    realm.send("POST", "/clients", pod.toString()).expect(201);
    ObjectNode cluster = LauncherPage.block("kubernetes");
    LauncherPage.object(cluster, "config").put("issuer", CLUSTER.issuer());
    realm.send("POST", "/identity-provider/instances", cluster.toString()).expect(201);

    realm.user("ada").joins("security").joins("platform");
    realm.user("grace").joins("platform");
    realm.allowPasswords("writ-console");
    startBroker();
  }

  private static void startBroker() throws IOException {
    Files.createDirectory(folder.resolve("policies"));
    Files.writeString(
        folder.resolve("policies/operator.yaml"),
        """
        name: operator
        lifetime: { agent: 4h, credential: 15m }
        launch: [ "keycloak/client:orchestrator", "keycloak/client:pod" ]
        owners: [ "group:platform" ]
        grants: [ { internal: { audience: "https://deploy.internal", scopes: [ "deploy:read" ] } } ]
        """);
    Files.writeString(
        folder.resolve("owners.yaml"),
        """
        users: [ ada, grace ]
        groups:
          - name: platform
            members: [ ada, grace ]
            rotation: { weeks: 1, handover: "Mon 09:00 Europe/Berlin", from: 2026-01-05 }
        """);
    Path config =
        Files.writeString(
            folder.resolve("writ.yaml"),
            """
            listen: { port: %d, management-port: %d }
            launchers:
              - { name: keycloak, issuer: "%s", audience: writ, clients: { orchestrator: "%s", pod: "%s" } }
            admins: [ "keycloak/group:security" ]
            """
                .formatted(
                    Ports.free(),
                    Ports.free(),
                    realm.url(),
                    account("orchestrator"),
                    account("pod")));
    broker =
        BrokerProcess.java("dev.writ.broker.Main", folder.resolve("data"))
            .args("serve", "--config", config.toString())
            .start();
  }

  private static String account(String client) {
    String id =
        realm.admin().get(realm.path("/clients?clientId=" + client)).path(0).path("id").asText();
    return realm
        .admin()
        .get(realm.path("/clients/" + id + "/service-account-user"))
        .path("id")
        .asText();
  }

  @AfterAll
  static void stop() {
    broker.close();
    CLUSTER.close();
  }

  @Test
  void an_orchestrator_with_a_key_and_no_secret_launches() {
    Reply launched = launch(token(assertion(KEY), Map.of("grant_type", "client_credentials")));

    assertEquals("keycloak/client:orchestrator", launched.expect(201).text("launcher"));
  }

  @Test
  void another_key_gets_no_token() {
    Reply refused =
        realm
            .admin()
            .tokenReply(
                realm.name(),
                with(assertion(AgentKey.generate()), Map.of("grant_type", "client_credentials")));

    assertTrue(refused.status() == 400 || refused.status() == 401, refused.toString());
    assertEquals("", refused.json().path("access_token").asText());
  }

  @Test
  void a_pod_launches_with_the_token_of_its_service_account() {
    String pod =
        CLUSTER
            .client("pod")
            .subject("system:serviceaccount:agents:orchestrator")
            .audience(realm.url().toString())
            .without("azp")
            .without("client_id")
            .without("typ")
            .sign();

    Reply launched =
        launch(
            realm
                .admin()
                .token(
                    realm.name(),
                    Map.of(
                        "grant_type",
                        "client_credentials",
                        "client_assertion_type",
                        PrivateKeyJWT.CLIENT_ASSERTION_TYPE,
                        "client_assertion",
                        pod)));

    assertEquals("keycloak/client:pod", launched.expect(201).text("launcher"));
  }

  @Test
  void a_person_behind_the_orchestrators_client_is_not_the_orchestrator() {
    String grace =
        token(
            assertion(KEY),
            Map.of("grant_type", "password", "username", "grace", "password", password()));

    assertEquals(404, launch(grace).status());
    assertEquals(0, agentsOf(grace));
  }

  @Test
  void roles_come_from_groups() {
    try (Launcher ada = at(realm.person("ada").token("writ-console"));
        Launcher grace = at(realm.person("grace").token("writ-console"))) {
      ada.get("/v1/policies", Map.of()).expect(200);
      assertEquals(404, grace.get("/v1/policies", Map.of()).status());
    }
  }

  @Test
  void a_token_for_another_audience_and_an_id_token_are_refused() {
    try (Launcher elsewhere = at(realm.person("ada").token("admin-cli"))) {
      assertEquals(401, elsewhere.get("/v1/policies", Map.of()).status());
    }
    try (Launcher identity = at(realm.person("ada").idToken("writ-console"))) {
      assertEquals(401, identity.get("/v1/policies", Map.of()).status());
    }
  }

  private static int agentsOf(String token) {
    try (Launcher launcher = at(token)) {
      return launcher.agents(Map.of()).expect(200).json().path("agents").size();
    }
  }

  private static Reply launch(String token) {
    try (Launcher launcher = at(token)) {
      return launcher.launch(Launch.of("operator").owner("group:platform"));
    }
  }

  private static Launcher at(String token) {
    return Launcher.at(URI.create(broker.url()), bundle(), token);
  }

  private static String bundle() {
    try {
      return Files.readString(folder.resolve("data/bundle.pem"));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static String token(Map<String, String> assertion, Map<String, String> grant) {
    return realm.admin().token(realm.name(), with(assertion, grant));
  }

  private static Map<String, String> with(Map<String, String> one, Map<String, String> other) {
    Map<String, String> all = new LinkedHashMap<>(one);
    all.putAll(other);
    return all;
  }

  private static Map<String, String> assertion(AgentKey key) {
    try {
      var proof =
          new PrivateKeyJWT(
              new ClientID("orchestrator"),
              realm.url(),
              JWSAlgorithm.ES256,
              key.pair().getPrivate(),
              null,
              null);
      return Map.of(
          "client_assertion_type",
          PrivateKeyJWT.CLIENT_ASSERTION_TYPE,
          "client_assertion",
          proof.getClientAssertion().serialize());
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String password() {
    return KeycloakRealm.PASSWORD;
  }
}
