package dev.writ.broker.config;

import static dev.writ.broker.config.Reading.file;
import static dev.writ.broker.config.Reading.read;
import static dev.writ.broker.config.Reading.valid;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.writ.broker.keys.VaultSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The way to Vault as {@code writ.yaml} and variables say it. */
class VaultSectionTest {
  @TempDir Path folder;

  @Test
  void logs_in_to_vault_in_each_of_four_ways_each_with_its_defaults() {
    assertEquals(
        new VaultSettings.Kubernetes(
            "writ", Path.of("/var/run/secrets/kubernetes.io/serviceaccount/token"), "kubernetes"),
        login(Map.of("WRIT_VAULT_LOGIN_KUBERNETES_ROLE", "writ")));
    assertEquals(
        new VaultSettings.Jwt("writ", folder.resolve("token"), "jwt"),
        login(
            Map.of(
                "WRIT_VAULT_LOGIN_JWT_ROLE", "writ", "WRIT_VAULT_LOGIN_JWT_TOKEN_FILE", "token")));
    assertEquals(
        new VaultSettings.Identity("node", "https://vault.internal", "jwt"),
        login(
            Map.of(
                "WRIT_VAULT_LOGIN_IDENTITY_ROLE",
                "node",
                "WRIT_VAULT_LOGIN_IDENTITY_AUDIENCE",
                "https://vault.internal")));
    assertEquals(
        new VaultSettings.AppRole("writ", folder.resolve("secret"), "approle"),
        login(
            Map.of(
                "WRIT_VAULT_LOGIN_APPROLE_ROLE_ID",
                "writ",
                "WRIT_VAULT_LOGIN_APPROLE_SECRET_ID",
                "file:secret")));
  }

  private VaultSettings.Login login(Map<String, String> variables) {
    Map<String, String> environment = new HashMap<>(variables);
    environment.put("WRIT_VAULT_ADDRESS", "https://vault.internal");
    VaultSettings settings = valid(read(folder, environment, Map.of())).vault().orElseThrow();
    assertEquals(Duration.ofSeconds(5), settings.timeout());
    return settings.login();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "vault: { address: 'https://v' }|expected exactly one of approle, kubernetes, jwt and identity",
        "vault: { address: 'https://v', login: { jwt: { role: a, token-file: t }, kubernetes: { role: b } } }|expected exactly one",
        "vault: { login: { kubernetes: { role: b } } }|without vault.address this means nothing",
        "vault: { address: 'https://v', login: { approle: { role-id: a } } }|this login needs role-id and secret-id",
        "vault: { address: 'https://v', login: { jwt: { role: a } } }|this login needs role and token-file",
        "vault: { address: 'https://v', login: { identity: { role: a } } }|this login needs role and audience",
        "vault: { address: 'https://v', login: { approle: { role-id: a, secret-id: s3cret } } }|expected file:",
        "vault: { address: 'http://v', login: { kubernetes: { role: a } } }|http only on loopback",
        "vault: { address: 'https://v', timeout: 31s, login: { kubernetes: { role: a } } }|expected 1s to 30s",
        "vault: { address: 'https://v', login: { kubernetes: { role: a, mount: '../sys' } } }|separated by single /",
        "vault: { address: 'https://v', token: x, login: { kubernetes: { role: a } } }|unknown key",
      })
  void says_what_is_wrong_with_the_way_to_vault(String yaml, String problem) throws Exception {
    String problems = file(folder, yaml).problems().toString();

    assertTrue(problems.contains(problem), problems);
    assertFalse(problems.contains("s3cret"), problems);
  }

  @Test
  void keeps_the_keys_that_an_identity_hangs_on_away_from_where_only_that_identity_leads()
      throws Exception {
    String vault =
        "vault: { address: 'https://v', login: { identity: { role: n, audience: v } } }\n";
    for (String key : List.of("root", "envelope")) {
      String problems =
          file(folder, vault + "keys: { " + key + ": 'vault:transit/x' }\n").problems().toString();
      assertTrue(
          problems.contains(
              "keys.%s cannot be in Vault with this login: a node has an identity only after it has its root and envelope"
                  .formatted(key)),
          problems);
    }
    assertEquals(
        "vault",
        valid(file(folder, vault + "keys: { checkpoint: 'vault:transit/x' }\n"))
            .keys()
            .checkpoint()
            .getFirst()
            .scheme());
  }
}
