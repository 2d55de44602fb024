package dev.writ;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.writ.fixtures.agent.AgentClient;
import dev.writ.fixtures.agent.Ask;
import dev.writ.fixtures.agent.Via;
import dev.writ.fixtures.github.Account;
import dev.writ.fixtures.github.App;
import dev.writ.fixtures.github.FakeGitHub;
import dev.writ.fixtures.github.GitHubOptions;
import dev.writ.fixtures.process.Ports;
import dev.writ.fixtures.secrets.Leak;
import dev.writ.pkcs11.SoftHsm;
import dev.writ.vault.VaultWithKeys;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.interfaces.RSAPublicKey;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A broker that has used its App, root and envelope keys, and then a search of its memory for them.
 * Its heap is what every user of its account can get from it; a core is what a crash leaves.
 */
class KeysInMemoryTest {
  private static final String POLICY =
      """
      name: deployer
      lifetime: { agent: 4h, credential: 15m }
      launch: [ operator ]
      grants:
        - github: { account: acme, repositories: [ acme/api ], permissions: { contents: read } }
      """;

  @TempDir Path folder;

  /** What the search can find, so that finding nothing means something. */
  @Test
  void finds_the_keys_that_are_read_from_files() throws Exception {
    LongLivedKeys keys = LongLivedKeys.generate();
    Path home = Files.createDirectory(folder.resolve("broker"));
    secret(home.resolve("root.pem"), keys.rootPem());
    secret(home.resolve("app.pem"), keys.appPem());
    secret(home.resolve("envelope.key"), "writ-envelope-key-1:" + keys.envelopeBase64() + "\n");

    Found found =
        search(
            keys,
            home,
            "keys: { root: 'file:root.pem', envelope: 'file:envelope.key' }\n",
            "file:app.pem",
            Map.of());

    // Private keys are in native memory where Corretto's provider loads, so not in the heap.
    assertTrue(found.heap().contains("envelope"), found::toString);
    assertEquals(Set.of("App", "envelope", "root"), found.core());
  }

  @Test
  void finds_no_key_that_is_kept_in_vault() throws Exception {
    try (VaultWithKeys vault = VaultWithKeys.orSkip(folder)) {
      LongLivedKeys keys = vault.keys();
      Path home = Files.createDirectory(folder.resolve("broker"));

      Found found =
          search(
              keys,
              home,
              "keys: { root: 'vault:transit/root', envelope: 'vault:transit/envelope' }\n"
                  + vault.section(),
              "vault:transit/app",
              Map.of());

      assertEquals(Set.of(), found.heap());
      assertEquals(Set.of(), found.core());
    }
  }

  /** Of a software HSM only the heap says something: its native half is in the same process. */
  @Test
  void finds_no_key_in_the_heap_that_is_kept_in_an_hsm() throws Exception {
    SoftHsm hsm = SoftHsm.orSkip();
    LongLivedKeys keys = LongLivedKeys.generate();
    Path home = Files.createDirectory(folder.resolve("broker"));
    Path root = secret(folder.resolve("root.pem"), keys.rootPem());
    Path app = secret(folder.resolve("app.pem"), keys.appPem());
    hsm.token("memory")
        .imported("memory", root, "root", "01")
        .imported("memory", app, "app", "02")
        .importedAes("memory", keys.envelope(), "envelope", "03");
    Map<String, String> environment = new HashMap<>();
    environment.put("SOFTHSM2_CONF", hsm.configuration().toString());
    environment.put("WRIT_PKCS11_PIN", SoftHsm.PIN);

    Found found =
        search(
            keys,
            home,
            "keys: { root: '%s', envelope: '%s' }\n"
                .formatted(SoftHsm.uri("memory", "root"), SoftHsm.uri("memory", "envelope")),
            SoftHsm.uri("memory", "app"),
            environment);

    assertEquals(Set.of(), found.heap());
  }

  private record Found(Set<String> heap, Set<String> core) {}

  private Found search(
      LongLivedKeys keys, Path home, String section, String appKey, Map<String, String> environment)
      throws Exception {
    try (FakeGitHub github = FakeGitHub.start(GitHubOptions.defaults().enterprise())) {
      App app = github.app("writ").addKey((RSAPublicKey) keys.appPublicKey());
      Account acme = github.organization("acme");
      acme.repository("api").file("a", "b");
      app.install(acme, Map.of("contents", "write", "metadata", "read"));
      Files.writeString(folder.resolve("github-ca.pem"), github.caPem());
      String apps =
          "github: [ { api: '%s', app-id: '%d', key: '%s', accounts: [ acme ], ca: ../github-ca.pem } ]\n"
              .formatted(github.url(), app.id(), appKey);
      try (ServedBroker broker =
          ServedBroker.start(home, Ports.free(), POLICY, section + apps, environment)) {
        AgentClient agent = broker.agent();
        agent.exchange(Via.MTLS, Ask.github("acme/api", Map.of("contents", "read"))).expect(200);
        long pid = broker.process().pid();
        Path heap = MemoryDump.heap(pid, folder.resolve("heap.hprof"));
        Path core = MemoryDump.core(pid, folder.resolve("core"));
        try {
          return new Found(names(keys.secrets().findIn(heap)), names(keys.secrets().findIn(core)));
        } finally {
          Files.delete(heap);
          Files.delete(core);
        }
      }
    }
  }

  private static Set<String> names(Collection<Leak> leaks) {
    return leaks.stream().map(Leak::secret).collect(Collectors.toCollection(TreeSet::new));
  }

  private static Path secret(Path file, String content) throws Exception {
    Files.writeString(file, content);
    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
  }
}
