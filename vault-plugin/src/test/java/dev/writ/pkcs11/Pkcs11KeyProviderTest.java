package dev.writ.pkcs11;

import static dev.writ.Signatures.verifies;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.writ.broker.keys.KeyException;
import dev.writ.broker.keys.KeyProviders;
import dev.writ.broker.keys.KeyRef;
import dev.writ.broker.keys.Sealer;
import dev.writ.broker.keys.SignatureAlgorithm;
import dev.writ.broker.keys.Signer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** On SoftHSM 2, with keys that the usual tools made, without any certificate. */
class Pkcs11KeyProviderTest {
  private static final byte[] MESSAGE = "message".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] CONTEXT = "context".getBytes(StandardCharsets.US_ASCII);

  private static SoftHsm hsm;

  @TempDir Path folder;

  private final Map<String, String> environment =
      new HashMap<>(Map.of("WRIT_PKCS11_PIN", SoftHsm.PIN));
  private final Pkcs11KeyProvider provider = new Pkcs11KeyProvider(environment::get);

  /** All of them before the module is loaded: SoftHSM does not notice new ones. */
  @BeforeAll
  static void makes_keys_as_an_operator_does() {
    hsm = SoftHsm.orSkip();
    hsm.token("writ")
        .pair("writ", "EC:prime256v1", "root", "01")
        .pair("writ", "rsa:2048", "app", "02")
        .pair("writ", "EC:edwards25519", "checkpoint", "03")
        .aes("writ", 32, "envelope", "04")
        .aes("writ", 32, "another", "05")
        .aes("writ", 16, "short", "06")
        .pair("writ", "EC:prime256v1", "twin", "07")
        .pair("writ", "EC:prime256v1", "twin", "08")
        .pair("writ", "EC:secp384r1", "p384", "09")
        .pair("writ", "rsa:1024", "weak", "0a")
        .token("second")
        .token("same")
        .token("same");
    for (String token : List.of("wrong", "lost", "removed")) {
      hsm.token(token).pair(token, "EC:prime256v1", "key", "01").aes(token, 32, "envelope", "02");
    }
  }

  @AfterEach
  void close() {
    provider.close();
  }

  @ParameterizedTest
  @CsvSource({"root, ES256", "app, RS256", "checkpoint, ED25519"})
  void signs_by_keys_without_certificates(String object, SignatureAlgorithm algorithm)
      throws Exception {
    Signer signer = signer(SoftHsm.uri("writ", object));

    assertEquals(algorithm, signer.algorithm());
    assertTrue(verifies(signer));
    assertEquals(signer.id(), signer(SoftHsm.uri("writ", object)).id());
    assertEquals(64, signer.id().length());
  }

  @Test
  void signs_by_a_key_that_was_imported() throws Exception {
    Path pem = folder.resolve("key.pem");
    openssl("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out", pem);
    hsm.imported("writ", pem, "imported", "21");
    Files.setPosixFilePermissions(pem, PosixFilePermissions.fromString("rw-------"));

    Signer signer = signer(SoftHsm.uri("writ", "imported"));

    assertTrue(verifies(signer));
    assertEquals(KeyProviders.load().signer(ref("file:key.pem")).id(), signer.id());
  }

  @Test
  void is_found_by_the_class_path() {
    assertTrue(
        assertThrows(KeyException.class, () -> KeyProviders.load().signer(ref("pkcs11:token=writ")))
            .getMessage()
            .contains("names no key"));
  }

  @Test
  void seals_and_opens_and_names_the_key_the_same_everywhere() {
    Sealer sealer = sealer(SoftHsm.uri("writ", "envelope"));
    Sealer elsewhere = sealer(SoftHsm.uri("writ", "envelope"));
    Sealer another = sealer(SoftHsm.uri("writ", "another"));
    byte[] sealed = sealer.seal(MESSAGE, CONTEXT);

    assertArrayEquals(MESSAGE, elsewhere.open(sealed, CONTEXT));
    assertEquals(sealer.id(), elsewhere.id());
    assertNotEquals(sealer.id(), another.id());
    refused("Another key wrapped it", () -> another.open(sealed, CONTEXT));
    assertThrows(KeyException.class, () -> sealer.open(sealed, MESSAGE));
    assertEquals(Optional.empty(), sealer.reseal(sealed, CONTEXT));
  }

  @Test
  void takes_the_pin_from_a_file_of_its_owner_alone() throws Exception {
    environment.clear();
    Path file = Files.writeString(folder.resolve("pin"), SoftHsm.PIN + "\n");
    String uri = SoftHsm.uri("writ", "root") + "&pin-source=file:pin";
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
    refused("chmod 600", () -> signer(uri));

    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    assertEquals(SignatureAlgorithm.ES256, signer(uri).algorithm());
  }

  @Test
  void says_that_there_is_no_pin() {
    environment.clear();
    refused("there is no PIN. Name a file", () -> signer(SoftHsm.uri("writ", "root")));
  }

  @Test
  void tries_a_wrong_pin_once_and_not_again_until_it_was_changed() throws Exception {
    environment.put("WRIT_PKCS11_PIN", "not-the-pin");
    refused(
        "the token refuses the PIN (C_Login returned 0xA0)",
        () -> signer(SoftHsm.uri("wrong", "key")));
    String again =
        refused("the token refuses the PIN. ", () -> signer(SoftHsm.uri("wrong", "key")));
    assertFalse(again.contains("not-the-pin"));
    assertFalse(again.contains("C_Login"), "it was not tried again");

    environment.put("WRIT_PKCS11_PIN", SoftHsm.PIN);
    assertTrue(verifies(signer(SoftHsm.uri("wrong", "key"))));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "nowhere|root|no such token (there are: ",
        "writ|nothing|no such object. Make the key",
        "writ|twin|several objects match. Add id=",
        "writ|p384|a key of this kind cannot be used here",
        "writ|weak|a key of this kind cannot be used here (RSA of 1024 bits)",
        "second|root|no such object",
      })
  void says_what_keeps_a_key_from_signing(String token, String object, String why) {
    refused(why, () -> signer(SoftHsm.uri(token, object)));
  }

  @Test
  void takes_one_of_two_namesakes_by_its_id() throws Exception {
    String uri = "pkcs11:token=writ;object=twin;id=%%07?module-path=%s".formatted(SoftHsm.module());
    String other = "pkcs11:token=writ;id=%%08;type=private?module-path=" + SoftHsm.module();

    assertTrue(verifies(signer(uri)));
    assertTrue(verifies(signer(other.replace("%%", "%"))));
    assertNotEquals(signer(uri).id(), signer(other.replace("%%", "%")).id());
  }

  @Test
  void seals_by_aes_256_only() {
    refused(
        "a key of this kind cannot be used here (CKA_KEY_TYPE 0x1F, 16 bytes)",
        () -> sealer(SoftHsm.uri("writ", "short")));
    refused("no such object", () -> sealer(SoftHsm.uri("writ", "root")));
    refused("no such object", () -> signer(SoftHsm.uri("writ", "envelope")));
  }

  @Test
  void says_that_two_tokens_match() {
    refused("several tokens match", () -> signer(SoftHsm.uri("same", "root")));
  }

  @Test
  void says_that_a_private_key_has_no_public_one_beside_it() {
    hsm.pair("writ", "EC:prime256v1", "lonely", "30");
    hsm.tool("writ", "--delete-object", "--type", "pubkey", "--id", "30");
    refused("no public key beside it", () -> signer(SoftHsm.uri("writ", "lonely")));
  }

  @Test
  void says_that_the_public_key_beside_it_is_anothers() {
    hsm.pair("writ", "EC:prime256v1", "mixed", "31").pair("writ", "EC:prime256v1", "other", "32");
    hsm.tool("writ", "--delete-object", "--type", "pubkey", "--id", "31");
    hsm.tool("writ", "--delete-object", "--type", "privkey", "--id", "32");
    Path der = folder.resolve("pub.der");
    hsm.tool(
        "writ", "--read-object", "--type", "pubkey", "--id", "32", "--output-file", der.toString());
    hsm.tool(
        "writ",
        "--write-object",
        der.toString(),
        "--type",
        "pubkey",
        "--id",
        "31",
        "--label",
        "mixed");
    refused(
        "no public key beside it (the one with its id or label is another's)",
        () -> signer(SoftHsm.uri("writ", "mixed")));
  }

  @Test
  void opens_a_lost_session_anew() throws Exception {
    Signer signer = signer(SoftHsm.uri("lost", "key"));
    Sealer sealer = sealer(SoftHsm.uri("lost", "envelope"));
    Cryptoki module = Cryptoki.load(SoftHsm.module());
    for (long slot : module.slots()) {
      if (module.tokenInfo(slot).label().equals("lost")) {
        module.closeAllSessions(slot);
      }
    }

    assertTrue(verifies(signer));
    byte[] sealed = sealer.seal(MESSAGE, CONTEXT);
    assertArrayEquals(MESSAGE, sealer(SoftHsm.uri("lost", "envelope")).open(sealed, CONTEXT));
  }

  @Test
  void signs_for_many_threads_at_once() throws Exception {
    Signer signer = signer(SoftHsm.uri("writ", "root"));
    try (var threads = java.util.concurrent.Executors.newVirtualThreadPerTaskExecutor()) {
      var all = new java.util.ArrayList<java.util.concurrent.Future<Boolean>>();
      for (int i = 0; i < 50; i++) {
        all.add(threads.submit(() -> verifies(signer)));
      }
      for (var one : all) {
        assertTrue(one.get());
      }
    }
  }

  @Test
  void says_that_the_token_is_gone_and_uses_it_again_when_it_is_back() throws Exception {
    Signer signer = signer(SoftHsm.uri("removed", "key"));
    Path files = hsm.files("removed");
    Path away = folder.resolve("away");
    Files.move(files, away);

    String gone = assertThrows(KeyException.class, () -> signer.sign(MESSAGE)).getMessage();
    assertTrue(gone.contains("token=removed"), gone);
    assertTrue(gone.contains("no such token (there are: "), gone);

    Files.move(away, files);
    Thread.sleep(Cryptoki.RESTART_PAUSE);
    assertTrue(verifies(signer));
  }

  @Test
  void says_that_the_module_is_missing() {
    refused(
        "the module cannot be loaded",
        () -> signer("pkcs11:token=writ;object=root?module-path=/nonexistent.so"));
    refused(
        "it has no C_GetFunctionList",
        () -> signer("pkcs11:token=writ;object=root?module-path=/lib/x86_64-linux-gnu/libc.so.6"));
  }

  private static String refused(String why, org.junit.jupiter.api.function.Executable use) {
    String message = assertThrows(KeyException.class, use).getMessage();
    assertTrue(message.contains(why), message);
    assertFalse(message.contains(SoftHsm.PIN), message);
    return message;
  }

  private KeyRef ref(String uri) {
    return KeyRef.parse(uri, folder);
  }

  private Signer signer(String uri) {
    return provider.signer(ref(uri));
  }

  private Sealer sealer(String uri) {
    return provider.sealer(ref(uri));
  }

  private static void openssl(Object... words) throws Exception {
    String[] command = new String[words.length + 1];
    command[0] = "openssl";
    for (int i = 0; i < words.length; i++) {
      command[i + 1] = words[i].toString();
    }
    assertEquals(0, new ProcessBuilder(command).inheritIO().start().waitFor());
  }
}
