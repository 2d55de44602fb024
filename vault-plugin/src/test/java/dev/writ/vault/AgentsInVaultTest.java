package dev.writ.vault;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.writ.Page;
import dev.writ.ServedBroker;
import dev.writ.fixtures.agent.AgentClient;
import dev.writ.fixtures.agent.Ask;
import dev.writ.fixtures.agent.Launch;
import dev.writ.fixtures.agent.Via;
import dev.writ.fixtures.http.Reply;
import dev.writ.fixtures.process.Ports;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** docs/vault-agents.md, command by command, with a real broker and a real Vault. */
class AgentsInVaultTest {
  @TempDir Path folder;

  @Test
  void an_agent_reads_in_vault_what_vaults_own_policy_lets_it_and_vault_knows_its_uuid()
      throws Exception {
    Page page = Page.of("vault-agents.md");
    int port = Ports.free();
    try (Bao bao = Bao.orSkip(folder.resolve("bao"));
        ServedBroker broker =
            ServedBroker.start(
                Files.createDirectory(folder.resolve("broker")),
                port,
                page.blocks("yaml policy").getFirst()
                    + "  - internal: { audience: \"https://deploy.internal\", scopes: [ a ] }\n",
                "",
                Map.of())) {
      Path programs = Files.createDirectory(folder.resolve("bin"));
      Files.createSymbolicLink(programs.resolve("vault"), Bao.program().orElseThrow());
      Files.createSymbolicLink(
          programs.resolve("writ-agent"), Page.REPOSITORY.resolve("broker/client/writ-agent"));
      Files.copy(broker.bundle(), folder.resolve("bundle.pem"));

      // 1. The operator of Vault has secrets, and follows the page.
      VaultAdmin admin = bao.admin();
      admin.write("sys/mounts/secret", "{\"type\":\"kv\",\"options\":{\"version\":\"2\"}}");
      admin.write("secret/data/deploy", "{\"data\":{\"password\":\"the deploy password\"}}");
      admin.write("secret/data/admin", "{\"data\":{\"password\":\"the admin password\"}}");
      Map<String, String> operator = environment(programs, bao);
      operator.put("VAULT_TOKEN", bao.rootToken());
      for (String block : page.blocks("sh operator")) {
        Page.Typed typed =
            Page.type(
                block.replace("https://writ.example", broker.url().toString()), folder, operator);
        assertEquals(0, typed.code(), typed.out());
      }

      // 2. An agent is brought up, and reads what it may.
      Map<String, String> agent = environment(programs, bao);
      agent.put("WRIT_URL", broker.url().toString());
      agent.put("WRIT_CA", broker.bundle().toString());
      agent.put("WRIT_AGENT_DIR", folder.resolve("agent").toString());
      Reply launched =
          broker.operator().launch(Launch.of("deployer").owner("user:ada")).expect(201);
      Path enrolment =
          Files.writeString(folder.resolve("enrolment"), launched.text("enrolment_token"));
      agent.put("WRIT_ENROLMENT_TOKEN_FILE", enrolment.toString());
      Page.Typed enrolled = Page.type("writ-agent enrol", folder, agent);
      assertEquals(0, enrolled.code(), enrolled.out());
      String commands = page.blocks("sh agent").getFirst();
      Page.Typed read = Page.type(commands, folder, agent);
      assertEquals(0, read.code(), read.out());
      assertTrue(read.out().contains("the deploy password"), read.out());

      // 3. It is refused another secret, by Vault.
      Page.Typed refused =
          Page.type(commands.replace("-field=password deploy", "admin"), folder, agent);
      assertNotEquals(0, refused.code());
      assertTrue(refused.out().contains("permission denied"), refused.out());
      assertFalse(refused.out().contains("the admin password"), refused.out());

      // 4. Vault's audit log has the agent's UUID and its owner, on the login and on each request.
      String uuid = launched.text("id");
      List<JsonNode> audited =
          Files.readString(bao.auditLog()).lines().map(AgentsInVaultTest::json).toList();
      for (String path : List.of("auth/writ/login", "secret/data/deploy", "secret/data/admin")) {
        assertTrue(
            audited.stream()
                .filter(entry -> entry.at("/request/path").asText().equals(path))
                .anyMatch(entry ->
                    entry.at("/auth/display_name").asText().contains(uuid)
                        && entry.at("/auth/metadata/owner").asText().equals("user:ada")
                        && entry.at("/auth/metadata/policy").asText().startsWith("deployer@")),
            path);
      }

      // 5. A token of another audience, and an SVID, log in nowhere.
      try (AgentClient other = broker.agent()) {
        String elsewhere =
            other
                .exchange(Via.MTLS, Ask.audience("https://deploy.internal"))
                .expect(200)
                .text("access_token");
        for (String token : List.of(elsewhere, other.svids().jwt())) {
          Reply login =
              admin.send(
                  "POST",
                  "auth/writ/login",
                  "{\"role\":\"deployer\",\"jwt\":\"%s\"}".formatted(token));
          assertEquals(400, login.status(), login.body());
          assertTrue(login.body().contains("audience"), login.body());
        }
      }
    }
  }

  private Map<String, String> environment(Path programs, Bao bao) {
    Map<String, String> environment = new HashMap<>();
    environment.put("PATH", programs + ":" + System.getenv("PATH"));
    environment.put("VAULT_ADDR", bao.tls().toString());
    environment.put("VAULT_CACERT", bao.ca().toString());
    environment.put("HOME", folder.toString());
    return environment;
  }

  private static JsonNode json(String line) {
    try {
      return new ObjectMapper().readTree(line);
    } catch (IOException e) {
      throw new IllegalStateException(line, e);
    }
  }
}
