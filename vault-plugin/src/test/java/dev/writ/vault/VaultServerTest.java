package dev.writ.vault;

import static dev.writ.Signatures.verifies;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.writ.Page;
import dev.writ.broker.keys.KeyException;
import dev.writ.broker.keys.KeyRef;
import dev.writ.broker.keys.KeySettings;
import dev.writ.broker.keys.Sealer;
import dev.writ.broker.keys.Signer;
import dev.writ.broker.keys.VaultSettings;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/** What can only be seen at a real server: TLS, seals, absence, and tokens that end. */
class VaultServerTest {
  private static final byte[] MESSAGE = "message".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] CONTEXT = "context".getBytes(StandardCharsets.US_ASCII);

  @TempDir static Path folder;
  private static Bao bao;
  private static VaultSettings.AppRole role;

  private VaultKeyProvider provider = new VaultKeyProvider();

  @BeforeAll
  static void start() throws Exception {
    bao = Bao.orSkip(folder.resolve("bao"));
    VaultAdmin admin = bao.admin();
    admin.write("sys/mounts/transit", "{\"type\":\"transit\"}");
    admin.write("sys/auth/approle", "{\"type\":\"approle\"}");
    admin.policy(
        "broker", "path \"transit/*\" { capabilities = [\"create\", \"read\", \"update\"] }");
    admin.write("transit/keys/root", "{\"type\":\"ecdsa-p256\"}");
    admin.write("transit/keys/envelope", "{\"type\":\"aes256-gcm96\"}");
    role = role("broker", "\"token_ttl\":\"1h\"");
  }

  private static VaultSettings.AppRole role(String name, String times) throws Exception {
    VaultAdmin admin = bao.admin();
    admin.write(
        "auth/approle/role/" + name,
        times.contains("token_policies")
            ? "{%s}".formatted(times)
            : "{\"token_policies\":[\"broker\"],%s}".formatted(times));
    String path = "auth/approle/role/" + name;
    Path secret = folder.resolve(name);
    Files.writeString(
        secret, admin.write(path + "/secret-id", "{}").at("/data/secret_id").asText());
    Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-------"));
    return new VaultSettings.AppRole(
        admin.read(path + "/role-id").at("/data/role_id").asText(), secret, "approle");
  }

  @AfterAll
  static void stop() {
    if (bao != null) {
      bao.close();
    }
  }

  @AfterEach
  void close() {
    provider.close();
  }

  private void configure(VaultSettings.Login login, Optional<Path> ca) {
    provider.configure(
        new KeySettings(
            Optional.of(
                new VaultSettings(bao.tls(), Optional.empty(), ca, Duration.ofSeconds(2), login)),
            KeySettings.NONE.node()));
  }

  private static KeyRef ref(String key) {
    return KeyRef.parse("vault:transit/" + key, folder);
  }

  @Test
  void trusts_the_configured_authority_and_no_other() throws Exception {
    configure(role, Optional.empty());
    refused(Trouble.UNTRUSTED, () -> provider.signer(ref("root")));

    provider = new VaultKeyProvider();
    configure(role, Optional.of(bao.ca()));
    assertTrue(verifies(provider.signer(ref("root"))));
  }

  @Test
  void refuses_a_file_of_authorities_that_holds_none() throws Exception {
    Path empty = Files.writeString(folder.resolve("empty.pem"), "");
    configure(role, Optional.of(empty));
    String message =
        assertThrows(KeyException.class, () -> provider.signer(ref("root"))).getMessage();
    assertTrue(message.contains("vault.ca"), message);
  }

  @Test
  void goes_on_with_what_it_has_while_vault_is_sealed_and_by_itself_afterwards() throws Exception {
    configure(role, Optional.of(bao.ca()));
    Signer signer = provider.signer(ref("root"));
    Sealer sealer = provider.sealer(ref("envelope"));
    byte[] before = sealer.seal(MESSAGE, CONTEXT);
    bao.seal();
    try {
      refused(Trouble.SEALED, () -> signer.sign(MESSAGE));
      assertArrayEquals(MESSAGE, sealer.open(before, CONTEXT));
      assertArrayEquals(MESSAGE, sealer.open(sealer.seal(MESSAGE, CONTEXT), CONTEXT));
    } finally {
      bao.unseal();
    }
    Thread.sleep(1_100);
    assertTrue(verifies(signer));
  }

  @Test
  void waits_for_a_vault_that_stands_still_no_longer_than_it_may() throws Exception {
    configure(role, Optional.of(bao.ca()));
    Signer signer = provider.signer(ref("root"));
    bao.pause();
    long start = System.nanoTime();
    try {
      refused(Trouble.SLOW, () -> signer.sign(MESSAGE));
    } finally {
      bao.resume();
    }
    assertTrue(System.nanoTime() - start < Duration.ofSeconds(4).toNanos());
    Thread.sleep(1_100);
    assertTrue(verifies(signer));
  }

  @Test
  void prolongs_its_token_before_the_end_and_gets_another_when_that_is_no_more_allowed()
      throws Exception {
    VaultSettings.AppRole brief = role("brief", "\"token_ttl\":\"3s\",\"token_max_ttl\":\"7s\"");
    configure(brief, Optional.of(bao.ca()));
    Signer signer = provider.signer(ref("root"));
    for (int second = 0; second < 10; second++) {
      Thread.sleep(1_000);
      assertTrue(verifies(signer));
    }
    String log = Files.readString(bao.auditLog());
    assertTrue(count(log, "auth/token/renew-self", "\"type\":\"request\"") >= 2, "prolonged");
    String logins =
        log.lines().filter(line -> line.contains("\"role_name\":\"brief\"")).findFirst().orElse("");
    assertTrue(!logins.isEmpty(), "logged in by that role");
  }

  @Test
  void gives_its_token_back_when_it_is_closed() throws Exception {
    configure(role, Optional.of(bao.ca()));
    provider.signer(ref("root"));
    long before = count(Files.readString(bao.auditLog()), "auth/token/revoke-self", "\"response\"");
    provider.close();
    assertEquals(
        before + 1,
        count(Files.readString(bao.auditLog()), "auth/token/revoke-self", "\"response\""));
  }

  @Test
  void the_commands_of_the_page_make_the_keys_and_policies_that_are_enough_and_no_more()
      throws Exception {
    List<String> blocks = Page.of("keys.md").blocks("sh keys");
    assertEquals(2, blocks.size());
    bao.admin().delete("sys/mounts/transit");
    for (String block : blocks) {
      typed(block);
    }
    bao.admin().write("transit/keys/root", "{\"type\":\"ecdsa-p256\"}");
    bao.admin().write("transit/keys/envelope", "{\"type\":\"aes256-gcm96\"}");
    configure(role("narrow", "\"token_policies\":[\"writ\"]"), Optional.of(bao.ca()));

    assertTrue(verifies(provider.signer(ref("writ-root"))));
    assertTrue(verifies(provider.signer(ref("writ-checkpoint"))));
    Sealer sealer = provider.sealer(ref("writ-envelope"));
    byte[] old = sealer.seal(MESSAGE, CONTEXT);
    assertEquals(Optional.empty(), sealer.reseal(old, CONTEXT));
    assertArrayEquals(MESSAGE, provider.sealer(ref("writ-envelope")).open(old, CONTEXT));
    refused(Trouble.FORBIDDEN, () -> provider.signer(ref("root")));
    refused(Trouble.FORBIDDEN, () -> provider.successor(ref("writ-root")));
    refused(Trouble.FORBIDDEN, () -> provider.renew(ref("writ-envelope")));

    provider.close();
    provider = new VaultKeyProvider();
    configure(
        role("turning", "\"token_policies\":[\"writ\",\"writ-rotate\"]"), Optional.of(bao.ca()));

    Signer first = provider.signer(ref("writ-root"));
    Signer successor = provider.successor(ref("writ-root"));
    assertTrue(verifies(successor));
    assertNotEquals(first.id(), successor.id());
    provider.successor(ref("writ-checkpoint"));
    provider.renew(ref("writ-envelope"));
    sealer = provider.sealer(ref("writ-envelope"));
    byte[] anew = sealer.reseal(old, CONTEXT).orElseThrow();
    provider.forgetOlder(ref("writ-envelope"));

    Sealer fresh = provider.sealer(ref("writ-envelope"));
    assertArrayEquals(MESSAGE, fresh.open(anew, CONTEXT));
    refused(Trouble.FORBIDDEN, () -> provider.successor(ref("root")));
  }

  /** Types the page's commands into a shell of Vault's administrator. */
  private static void typed(String block) throws Exception {
    Path programs = Files.createTempDirectory(folder, "bin");
    Files.createSymbolicLink(programs.resolve("vault"), Bao.program().orElseThrow());
    Page.Typed typed =
        Page.type(
            block,
            folder,
            Map.of(
                "PATH", programs + ":" + System.getenv("PATH"),
                "VAULT_ADDR", bao.tls().toString(),
                "VAULT_CACERT", bao.ca().toString(),
                "VAULT_TOKEN", bao.rootToken(),
                "HOME", folder.toString()));
    assertEquals(0, typed.code(), typed.out());
  }

  private static long count(String log, String path, String also) {
    return log.lines().filter(line -> line.contains(path) && line.contains(also)).count();
  }

  private static void refused(Trouble trouble, Executable use) {
    String message = assertThrows(KeyException.class, use).getMessage();
    assertTrue(message.contains(trouble.found()), message);
    assertTrue(message.contains(trouble.remedy()), message);
  }
}
