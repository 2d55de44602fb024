package dev.writ.vault;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.writ.ServedBroker;
import dev.writ.broker.keys.KeyRef;
import dev.writ.broker.keys.KeySettings;
import dev.writ.broker.keys.Signer;
import dev.writ.broker.keys.VaultSettings;
import dev.writ.fixtures.agent.AgentClient;
import dev.writ.fixtures.agent.Ask;
import dev.writ.fixtures.agent.Via;
import dev.writ.fixtures.github.Account;
import dev.writ.fixtures.github.App;
import dev.writ.fixtures.github.FakeGitHub;
import dev.writ.fixtures.github.GitHubOptions;
import dev.writ.fixtures.http.Reply;
import dev.writ.fixtures.process.Ports;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.interfaces.RSAPublicKey;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A broker that logs in to Vault as itself, to a Vault that trusts its issuer. */
class VaultIdentityTest {
  private static final String AUDIENCE = "https://vault-nodes.internal";
  private static final String POLICY =
      """
      name: deployer
      lifetime: { agent: 4h, credential: 15m }
      launch: [ operator ]
      grants:
        - github: { account: acme, repositories: [ acme/api ], permissions: { contents: read } }
      """;

  @TempDir Path folder;

  @Test
  void a_node_signs_as_a_github_app_whose_key_only_its_own_identity_leads_to() throws Exception {
    int port = Ports.free();
    try (Bao bao = Bao.orSkip(folder.resolve("bao"));
        FakeGitHub github = FakeGitHub.start(GitHubOptions.defaults().enterprise())) {
      VaultAdmin admin = bao.admin();
      admin.write("sys/mounts/transit", "{\"type\":\"transit\"}");
      admin.write("transit/keys/app", "{\"type\":\"rsa-2048\"}");
      admin.policy(
          "app",
          "path \"transit/keys/app\" { capabilities = [\"read\"] }",
          "path \"transit/sign/app\" { capabilities = [\"update\"] }");
      App app = github.app("writ").addKey(publicKey(bao));
      Account acme = github.organization("acme");
      acme.repository("api").file("a", "b");
      app.install(acme, Map.of("contents", "write", "metadata", "read"));
      Files.writeString(folder.resolve("github-ca.pem"), github.caPem());

      Path home = Files.createDirectory(folder.resolve("broker"));
      try (ServedBroker broker =
          ServedBroker.start(home, port, POLICY, configuration(bao, github, app), Map.of())) {
        AgentClient agent = broker.agent();
        Ask read = Ask.github("acme/api", Map.of("contents", "read"));

        // 1. Vault does not trust the broker yet: it serves all the same, and says what is wrong.
        Reply early = agent.exchange(Via.MTLS, read).expect(503);
        assertTrue(early.body().contains("key"), early.body());
        assertTrue(broker.log().contains(Trouble.LOGIN_REFUSED.found()), broker.log());

        // 2. The operator makes it trust the issuer, and nodes alone.
        admin.write("sys/auth/nodes", "{\"type\":\"jwt\"}");
        String bundle = Files.readString(broker.bundle()).replace("\n", "\\n");
        admin.write(
            "auth/nodes/config",
            "{\"oidc_discovery_url\":\"%s\",\"oidc_discovery_ca_pem\":\"%s\",\"jwt_supported_algs\":[\"ES256\"]}"
                .formatted(broker.url(), bundle));
        admin.write(
            "auth/nodes/role/node",
            "{\"role_type\":\"jwt\",\"bound_audiences\":[\"%s\"],\"user_claim\":\"sub\",\"bound_claims_type\":\"glob\",\"bound_claims\":{\"sub\":\"spiffe://localhost/node/*\"},\"token_policies\":[\"app\"]}"
                .formatted(AUDIENCE));

        // 3. From then on its Apps sign.
        Reply given = agent.exchange(Via.MTLS, read).expect(200);
        assertTrue(given.text("access_token").startsWith("ghs_"));
        assertTrue(Files.readString(bao.auditLog()).contains("spiffe://localhost/node/"));

        // 4. An agent's own token does not stand in for a node's.
        Reply login =
            admin.send(
                "POST",
                "auth/nodes/login",
                "{\"role\":\"node\",\"jwt\":\"%s\"}".formatted(agent.svids().jwt()));
        assertEquals(400, login.status(), login.body());
      }
    }
  }

  private static String configuration(Bao bao, FakeGitHub github, App app) {
    return """
    vault:
      address: %s
      ca: %s
      login: { identity: { role: node, audience: "%s", mount: nodes } }
    github:
      - { api: "%s", app-id: "%d", key: "vault:transit/app", accounts: [ acme ], ca: ../github-ca.pem }
    """
        .formatted(bao.tls(), bao.ca(), AUDIENCE, github.url(), app.id());
  }

  /** As the App's owner gives it to GitHub. */
  private RSAPublicKey publicKey(Bao bao) throws Exception {
    VaultAdmin admin = bao.admin();
    admin.write("sys/auth/approle", "{\"type\":\"approle\"}");
    admin.write("auth/approle/role/owner", "{\"token_policies\":[\"app\"]}");
    Path secret = folder.resolve("secret");
    Files.writeString(
        secret,
        admin.write("auth/approle/role/owner/secret-id", "{}").at("/data/secret_id").asText());
    Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-------"));
    String role = admin.read("auth/approle/role/owner/role-id").at("/data/role_id").asText();
    try (VaultKeyProvider provider = new VaultKeyProvider()) {
      provider.configure(
          new KeySettings(
              Optional.of(
                  new VaultSettings(
                      bao.tls(),
                      Optional.empty(),
                      Optional.of(bao.ca()),
                      Duration.ofSeconds(5),
                      new VaultSettings.AppRole(role, secret, "approle"))),
              KeySettings.NONE.node()));
      Signer signer = provider.signer(KeyRef.parse("vault:transit/app", folder));
      return (RSAPublicKey) signer.publicKey();
    }
  }
}
