package dev.writ.vault;

import static dev.writ.Signatures.verifies;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.writ.broker.keys.KeyException;
import dev.writ.broker.keys.KeyRef;
import dev.writ.broker.keys.Sealer;
import dev.writ.broker.keys.SignatureAlgorithm;
import dev.writ.broker.keys.Signer;
import dev.writ.broker.keys.VaultSettings;
import dev.writ.fixtures.keys.AgentKey;
import dev.writ.fixtures.keys.Jws;
import dev.writ.fixtures.keys.Pem;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/** What a key in Vault does, and says when it cannot: on a real server, or as one answered once. */
class VaultContractTest {
  private static final byte[] MESSAGE = "message".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] CONTEXT = "context".getBytes(StandardCharsets.US_ASCII);

  @TempDir static Path folder;
  private static VaultStand stand;

  private String test = "";
  private VaultSettings.AppRole role;
  private VaultKeyProvider provider;

  @BeforeAll
  static void open() {
    stand = new VaultStand(folder);
  }

  @AfterAll
  static void close() throws Exception {
    stand.close();
  }

  @BeforeEach
  void begin(TestInfo info) {
    test = info.getTestMethod().orElseThrow().getName();
    stand.begin(test);
    role = stand.role();
    provider = stand.provider(role);
  }

  @AfterEach
  void end() {
    provider.close();
    stand.end(test);
  }

  @Test
  void signs_as_a_github_app_by_rsa() throws Exception {
    make("app", "rsa-2048");
    signs("app", SignatureAlgorithm.RS256);
  }

  @Test
  void signs_as_a_root_by_p256() throws Exception {
    make("root", "ecdsa-p256");
    signs("root", SignatureAlgorithm.ES256);
  }

  @Test
  void signs_checkpoints_by_ed25519() throws Exception {
    make("checkpoint", "ed25519");
    signs("checkpoint", SignatureAlgorithm.ED25519);
  }

  private void signs(String key, SignatureAlgorithm algorithm) throws Exception {
    Signer signer = provider.signer(stand.ref(key));
    assertEquals(algorithm, signer.algorithm());
    assertTrue(signer.isKnown());
    assertTrue(verifies(signer));
    assertEquals(signer.id(), provider.signer(stand.ref(key)).id());
  }

  @Test
  void keeps_to_the_version_that_it_began_with_and_takes_the_one_that_is_named() throws Exception {
    make("root", "ecdsa-p256");
    Signer first = provider.signer(stand.ref("root"));
    rotate("root");
    Signer second = provider.signer(stand.ref("root"));

    assertNotEquals(first.id(), second.id());
    assertTrue(verifies(first));
    assertTrue(verifies(second));
    assertEquals(first.id(), provider.signer(stand.ref("root?version=1")).id());
    assertEquals(second.id(), provider.signer(stand.ref("root?version=2")).id());
  }

  @Test
  void says_that_a_version_is_not_there_or_no_more() {
    make("root", "ecdsa-p256");
    Signer first = provider.signer(stand.ref("root"));
    rotate("root");
    refused(Trouble.NO_VERSION, () -> provider.signer(stand.ref("root?version=3")));

    configure("root", "{\"min_encryption_version\":2}");
    refused(Trouble.NO_VERSION, () -> first.sign(MESSAGE));
    configure("root", "{\"min_decryption_version\":2}");
    refused(Trouble.NO_VERSION, () -> provider.signer(stand.ref("root?version=1")));
  }

  @Test
  void says_that_a_key_was_deleted_and_does_not_take_another_of_its_name() {
    make("root", "ecdsa-p256");
    Signer signer = provider.signer(stand.ref("root"));
    configure("root", "{\"deletion_allowed\":true}");
    stand.admin().delete(VaultStand.TRANSIT + "/keys/root");
    refused(Trouble.NO_KEY, () -> signer.sign(MESSAGE));
    refused(Trouble.NO_KEY, () -> provider.signer(stand.ref("root")));

    make("root", "ecdsa-p256");
    String replaced = assertThrows(KeyException.class, () -> signer.sign(MESSAGE)).getMessage();
    assertTrue(replaced.contains("it was replaced"), replaced);
  }

  @Test
  void says_that_there_is_no_such_engine() {
    stand
        .admin()
        .policy("writ-test", "path \"nowhere/*\" { capabilities = [\"read\", \"update\"] }");
    KeyRef nowhere = KeyRef.parse("vault:nowhere/root", folder);
    refused(Trouble.NO_ENGINE, () -> provider.signer(nowhere));
  }

  @Test
  void refuses_keys_of_other_kinds() {
    make("aes", "aes256-gcm96");
    make("p384", "ecdsa-p384");
    make("rsa", "rsa-2048");
    stand
        .admin()
        .write(
            VaultStand.TRANSIT + "/keys/derived", "{\"type\":\"aes256-gcm96\",\"derived\":true}");
    for (String key : new String[] {"aes", "p384"}) {
      said("does not sign here; expected rsa-2048", () -> provider.signer(stand.ref(key)));
    }
    for (String key : new String[] {"rsa", "derived"}) {
      said("is no envelope key; expected aes128-gcm96", () -> provider.sealer(stand.ref(key)));
    }
  }

  @Test
  void says_that_it_is_forbidden_and_goes_on_when_it_is_allowed() throws Exception {
    make("root", "ecdsa-p256");
    Signer signer = provider.signer(stand.ref("root"));
    stand.allow("read");
    refused(Trouble.FORBIDDEN, () -> signer.sign(MESSAGE));

    stand.allow("read", "update");
    assertTrue(verifies(signer));
  }

  @Test
  void logs_in_anew_when_its_token_was_revoked() throws Exception {
    make("root", "ecdsa-p256");
    Signer signer = provider.signer(stand.ref("root"));
    assertTrue(verifies(signer));
    stand.admin().write("sys/leases/revoke-prefix/auth/writ-test-approle", "{}");

    assertTrue(verifies(signer));
  }

  @Test
  void says_that_the_login_is_refused() {
    make("root", "ecdsa-p256");
    VaultSettings.AppRole wrong =
        new VaultSettings.AppRole(
            role.roleId(), stand.secret("wrong", "not-the-secret"), role.mount());
    try (VaultKeyProvider other = stand.provider(wrong)) {
      String message = refused(Trouble.LOGIN_REFUSED, () -> other.signer(stand.ref("root")));
      assertFalse(message.contains("not-the-secret"), message);
    }
  }

  @Test
  void logs_in_by_the_token_of_a_jwt_issuer_or_of_a_pod() throws Exception {
    make("root", "ecdsa-p256");
    AgentKey issuer = AgentKey.generate();
    stand.admin().send("DELETE", "sys/auth/writ-test-jwt", "");
    stand.admin().write("sys/auth/writ-test-jwt", "{\"type\":\"jwt\"}");
    String pem =
        Pem.write("PUBLIC KEY", issuer.pair().getPublic().getEncoded()).replace("\n", "\\n");
    stand
        .admin()
        .send(
            "POST",
            "auth/writ-test-jwt/config",
            "{\"jwt_validation_pubkeys\":[\"%s\"]}".formatted(pem));
    stand
        .admin()
        .write(
            "auth/writ-test-jwt/role/broker",
            "{\"role_type\":\"jwt\",\"user_claim\":\"sub\",\"bound_audiences\":[\"vault\"],\"token_policies\":[\"writ-test\"]}");
    Path token =
        stand.secret(
            "token",
            Jws.sign(
                "{\"alg\":\"ES256\"}",
                "{\"sub\":\"broker\",\"aud\":\"vault\",\"iat\":%d,\"exp\":%d}"
                    .formatted(
                        Instant.now().getEpochSecond(), Instant.now().getEpochSecond() + 300),
                issuer.pair().getPrivate()));

    // A pod's token goes to Vault in the same form; what differs is how Vault verifies it.
    for (VaultSettings.Login login :
        new VaultSettings.Login[] {
          new VaultSettings.Jwt("broker", token, "writ-test-jwt"),
          new VaultSettings.Kubernetes("broker", token, "writ-test-jwt")
        }) {
      try (VaultKeyProvider other = stand.provider(login)) {
        assertTrue(verifies(other.signer(stand.ref("root"))));
      }
    }
  }

  @Test
  void asks_in_its_namespace() throws Exception {
    VaultAdmin admin = stand.admin();
    admin.send("DELETE", "sys/namespaces/writ-test", "");
    admin.write("sys/namespaces/writ-test", "{}");
    VaultAdmin inside = admin.in("writ-test");
    inside.write("sys/mounts/" + VaultStand.TRANSIT, "{\"type\":\"transit\"}");
    inside.write("sys/auth/approle", "{\"type\":\"approle\"}");
    inside.policy(
        "writ-test",
        "path \"%s/*\" { capabilities = [\"create\", \"read\", \"update\"] }"
            .formatted(VaultStand.TRANSIT));
    inside.write("auth/approle/role/broker", "{\"token_policies\":[\"writ-test\"]}");
    inside.write(VaultStand.TRANSIT + "/keys/inner", "{\"type\":\"ecdsa-p256\"}");
    inside.write(VaultStand.TRANSIT + "/keys/envelope", "{\"type\":\"aes256-gcm96\"}");
    make("envelope", "aes256-gcm96");
    VaultSettings.AppRole innerRole =
        new VaultSettings.AppRole(
            inside.read("auth/approle/role/broker/role-id").at("/data/role_id").asText(),
            stand.secret(
                "inner",
                inside
                    .write("auth/approle/role/broker/secret-id", "{}")
                    .at("/data/secret_id")
                    .asText()),
            "approle");

    try (VaultKeyProvider inner = stand.provider(innerRole, Optional.of("writ-test"))) {
      assertTrue(verifies(inner.signer(stand.ref("inner"))));
      assertNotEquals(
          provider.sealer(stand.ref("envelope")).id(), inner.sealer(stand.ref("envelope")).id());
    }
    refused(Trouble.NO_KEY, () -> provider.signer(stand.ref("inner")));
  }

  @Test
  void seals_and_another_node_opens() {
    make("envelope", "aes256-gcm96");
    make("other", "aes256-gcm96");
    Sealer sealer = provider.sealer(stand.ref("envelope"));
    byte[] sealed = sealer.seal(MESSAGE, CONTEXT);
    assertArrayEquals(MESSAGE, sealer.open(sealed, CONTEXT));

    try (VaultKeyProvider node = stand.provider(role)) {
      Sealer elsewhere = node.sealer(stand.ref("envelope"));
      assertEquals(sealer.id(), elsewhere.id());
      assertArrayEquals(MESSAGE, elsewhere.open(sealed, CONTEXT));
      assertThrows(KeyException.class, () -> elsewhere.open(sealed, MESSAGE));

      Sealer other = node.sealer(stand.ref("other"));
      assertNotEquals(sealer.id(), other.id());
      refused(Trouble.NOT_OPENED, () -> other.open(sealed, CONTEXT));
    }
  }

  @Test
  void opens_what_older_versions_sealed_and_seals_it_anew_by_the_newest() {
    make("envelope", "aes256-gcm96");
    Sealer sealer = provider.sealer(stand.ref("envelope"));
    byte[] old = sealer.seal(MESSAGE, CONTEXT);
    assertEquals(Optional.empty(), sealer.reseal(old, CONTEXT));
    rotate("envelope");

    try (VaultKeyProvider node = stand.provider(role)) {
      Sealer after = node.sealer(stand.ref("envelope"));
      assertEquals(sealer.id(), after.id());
      assertArrayEquals(MESSAGE, after.open(old, CONTEXT));
      byte[] anew = after.reseal(old, CONTEXT).orElseThrow();
      assertEquals(Optional.empty(), after.reseal(anew, CONTEXT));
      assertArrayEquals(MESSAGE, sealer.open(anew, CONTEXT));

      configure("envelope", "{\"min_decryption_version\":2}");
      try (VaultKeyProvider late = stand.provider(role)) {
        Sealer last = late.sealer(stand.ref("envelope"));
        assertEquals(sealer.id(), last.id());
        assertArrayEquals(MESSAGE, last.open(anew, CONTEXT));
        refused(Trouble.NO_VERSION, () -> last.open(old, CONTEXT));
      }
    }
  }

  @Test
  void makes_the_next_version_of_a_signing_key_and_finds_all_that_there_are() throws Exception {
    make("root", "ecdsa-p256");
    Signer first = provider.signer(stand.ref("root"));
    assertEquals(List.of(first.id()), ids("root"));

    Signer second = provider.successor(stand.ref("root"));

    assertEquals(List.of(first.id(), second.id()), ids("root"));
    assertEquals(List.of(first.id()), ids("root?version=1"));
    assertTrue(verifies(second));
    assertTrue(verifies(first));
    stand.allow("read");
    refused(Trouble.FORBIDDEN, () -> provider.successor(stand.ref("root")));
    assertEquals(2, ids("root").size());
  }

  private List<String> ids(String key) {
    return provider.versions(stand.ref(key)).stream().map(Signer::id).toList();
  }

  @Test
  void makes_the_next_version_of_the_envelope_seals_by_it_and_gives_the_older_up() {
    make("envelope", "aes256-gcm96");
    Sealer sealer = provider.sealer(stand.ref("envelope"));
    byte[] old = sealer.seal(MESSAGE, CONTEXT);
    assertEquals(Optional.empty(), sealer.reseal(old, CONTEXT));

    provider.renew(stand.ref("envelope"));
    sealer.lookForNewest();

    byte[] anew = sealer.reseal(old, CONTEXT).orElseThrow();
    assertEquals(Optional.empty(), sealer.reseal(sealer.seal(MESSAGE, CONTEXT), CONTEXT));
    provider.forgetOlder(stand.ref("envelope"));
    try (VaultKeyProvider late = stand.provider(role)) {
      Sealer last = late.sealer(stand.ref("envelope"));
      assertEquals(sealer.id(), last.id());
      assertArrayEquals(MESSAGE, last.open(anew, CONTEXT));
      refused(Trouble.NO_VERSION, () -> last.open(old, CONTEXT));
    }
  }

  private static void make(String key, String type) {
    stand.admin().write(VaultStand.TRANSIT + "/keys/" + key, "{\"type\":\"%s\"}".formatted(type));
  }

  private static void rotate(String key) {
    stand.admin().write(VaultStand.TRANSIT + "/keys/" + key + "/rotate", "{}");
  }

  private static void configure(String key, String json) {
    stand.admin().write(VaultStand.TRANSIT + "/keys/" + key + "/config", json);
  }

  private static String refused(Trouble trouble, Executable use) {
    String message = said(trouble.found(), use);
    assertTrue(message.contains(trouble.remedy()), message);
    return message;
  }

  private static String said(String what, Executable use) {
    String message = assertThrows(KeyException.class, use).getMessage();
    assertTrue(message.contains(what), message);
    return message;
  }
}
