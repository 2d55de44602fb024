package dev.writ.keycloak;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.writ.fixtures.agent.AgentClient;
import dev.writ.fixtures.agent.Ask;
import dev.writ.fixtures.agent.Launch;
import dev.writ.fixtures.agent.Launcher;
import dev.writ.fixtures.agent.Via;
import dev.writ.fixtures.http.Http;
import dev.writ.fixtures.http.Reply;
import dev.writ.fixtures.keycloak.KeycloakRealm;
import dev.writ.fixtures.keys.AgentKey;
import dev.writ.fixtures.keys.Identity;
import dev.writ.fixtures.keys.TestCa;
import dev.writ.fixtures.process.BrokerProcess;
import dev.writ.fixtures.process.Ports;
import dev.writ.fixtures.resource.ResourceConfig;
import dev.writ.fixtures.resource.SampleResourceServer;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A service that took a real realm's tokens only, and comes to take a real broker's too. */
@SuppressWarnings("NullAway.Init") // before the first test
class ServiceOfTheRealmTest {
  @RegisterExtension static final TestKeycloak KEYCLOAK = TestKeycloak.onPostgres();
  @TempDir private static Path folder;

  private static final String AUDIENCE = "https://deploy.test";
  private static final String CLIENT = "deploy-cli";

  private static KeycloakRealm realm;
  private static BrokerProcess broker;
  private static SampleResourceServer service;
  private static AgentClient agent;

  @BeforeAll
  static void start() throws IOException {
    realm = KEYCLOAK.realm();
    realm.user("ada");
    realm.allowPasswords("writ-console");
    clientOf(realm);
    startBroker();
    String bundle = Files.readString(folder.resolve("data/bundle.pem"));
    URI issuer = URI.create(broker.url());
    service =
        SampleResourceServer.start(ResourceConfig.of(issuer, AUDIENCE, bundle).realm(realm.url()));
    try (Launcher ada = Launcher.at(issuer, bundle, realm.person("ada").token("writ-console"))) {
      agent = ada.bringUp(Launch.of("deployer").owner("user:ada"));
    }
  }

  @AfterAll
  static void stop() {
    agent.close();
    service.close();
    broker.close();
  }

  /** Public, with the service in its tokens' audience, and with claims that look like Writ's. */
  private static void clientOf(KeycloakRealm one) {
    one.send(
            "POST",
            "/clients",
            """
            { "clientId": "%s", "publicClient": true, "directAccessGrantsEnabled": true,
              "protocolMappers": [
                { "name": "service", "protocol": "openid-connect", "protocolMapper": "oidc-audience-mapper",
                  "config": { "included.custom.audience": "%s", "access.token.claim": "true", "id.token.claim": "true" } },
                { "name": "pretence", "protocol": "openid-connect", "protocolMapper": "oidc-hardcoded-claim-mapper",
                  "config": { "claim.name": "policy", "claim.value": "deployer@1", "jsonType.label": "String",
                              "access.token.claim": "true" } } ] }
            """
                .formatted(CLIENT, AUDIENCE))
        .expect(201);
  }

  private static void startBroker() throws IOException {
    Files.createDirectory(folder.resolve("policies"));
    Files.writeString(
        folder.resolve("policies/deployer.yaml"),
        """
        name: deployer
        lifetime: { agent: 1h, credential: 15m }
        launch: [ "keycloak/user:ada" ]
        grants:
          - { internal: { audience: "%s", scopes: [ "deploy:read" ] } }
          - { internal: { audience: "https://other.test", scopes: [ "deploy:read" ] } }
        """
            .formatted(AUDIENCE));
    Files.writeString(folder.resolve("owners.yaml"), "users: [ ada ]\n");
    Path config =
        Files.writeString(
            folder.resolve("writ.yaml"),
            """
            listen: { port: %d, management-port: %d }
            launchers: [ { name: keycloak, issuer: "%s", audience: writ } ]
            """
                .formatted(Ports.free(), Ports.free(), realm.url()));
    broker =
        BrokerProcess.java("dev.writ.broker.Main", folder.resolve("data"))
            .args("serve", "--config", config.toString())
            .start();
  }

  @Test
  void people_go_on_as_before() {
    Reply reply = call(Optional.empty(), "Bearer", realm.person("ada").token(CLIENT)).expect(200);

    assertEquals("ada", reply.text("preferred_username"));
    assertEquals(realm.person("ada").id(), reply.text("sub"));
  }

  @Test
  void an_agent_is_let_in_by_the_broker_s_token_and_its_own_key() {
    Reply reply = call(Optional.of(identity()), "Bearer", token(AUDIENCE)).expect(200);

    assertEquals(agent.svids().spiffeId(), reply.text("sub"));
  }

  @Test
  void a_copy_of_an_agent_s_token_is_refused() {
    String token = token(AUDIENCE);

    refused(call(Optional.empty(), "Bearer", token));
    refused(call(Optional.of(thief()), "Bearer", token));
  }

  @Test
  void an_agent_s_identity_and_its_tokens_for_others_are_refused() {
    refused(call(Optional.of(identity()), "Bearer", agent.svids().jwt()));
    refused(call(Optional.of(identity()), "Bearer", token("https://other.test")));
  }

  @Test
  void other_tokens_of_the_realm_are_refused() {
    KeycloakRealm.Person ada = realm.person("ada");
    refused(call(Optional.empty(), "Bearer", ada.idToken(CLIENT)));
    refused(call(Optional.empty(), "Bearer", ada.token("writ-console")));
    refused(call(Optional.of(identity()), "Bearer", ada.token("writ-console")));
  }

  @Test
  void another_realm_of_the_same_keycloak_is_another_company() {
    KeycloakRealm other = KEYCLOAK.server().freshRealm("other");
    clientOf(other);
    String token = other.user("ada").token(CLIENT);
    try {
      refused(call(Optional.empty(), "Bearer", token));
    } finally {
      other.delete();
    }
  }

  @Test
  void what_the_realm_signs_is_a_person_whatever_it_claims() {
    String token = realm.person("ada").token(CLIENT);
    assertEquals("deployer@1", BrokerTest.claims(token).path("policy").asText());

    Reply reply = call(Optional.of(identity()), "Bearer", token).expect(200);

    assertEquals(realm.person("ada").id(), reply.text("sub"));
    assertTrue(reply.json().path("policy").isMissingNode(), reply::body);
  }

  private static String token(String audience) {
    return agent
        .exchange(Via.MTLS, Ask.internal(audience, "deploy:read"))
        .expect(200)
        .text("access_token");
  }

  private static Identity identity() {
    return agent.svids().identity(agent.key());
  }

  private static Identity thief() {
    Instant now = Instant.now();
    return TestCa.create("any")
        .svid(
            AgentKey.generate(),
            agent.svids().spiffeId(),
            now.minusSeconds(5),
            now.plusSeconds(60));
  }

  private static Reply call(Optional<Identity> sender, String scheme, String token) {
    try (Http http =
        sender
            .map(one -> Http.presenting(service.caPem(), one))
            .orElseGet(() -> Http.trusting(service.caPem()))) {
      return http.send("GET", service.url(), Map.of("Authorization", scheme + " " + token), "");
    }
  }

  private static void refused(Reply reply) {
    assertEquals(401, reply.status(), reply.toString());
    assertTrue(
        reply.header("WWW-Authenticate").contains("error=\"invalid_token\""), reply.toString());
  }
}
