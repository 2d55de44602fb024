package dev.writ.broker.keys;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.Signature;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FileKeyProviderTest {

  private static final byte[] MESSAGE = "message".getBytes(StandardCharsets.US_ASCII);

  @TempDir Path directory;

  private final KeyProviders providers = KeyProviders.load();

  @Test
  void creates_a_default_signing_key_once_and_for_its_owner_alone() throws IOException {
    Path file = directory.resolve("keys/root.pem");
    Signer made = providers.signer(KeyRef.defaultFile(file));
    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
    assertEquals(made.id(), providers.signer(KeyRef.defaultFile(file)).id());
    assertEquals(SignatureAlgorithm.ES256, made.algorithm());
    try (var files = Files.list(file.getParent())) {
      assertEquals(1, files.count(), "no temporary file stays");
    }
  }

  @Test
  void of_many_who_create_at_once_one_wins_and_all_read_the_same() throws Exception {
    KeyRef ref = KeyRef.defaultFile(directory.resolve("envelope.key"));
    List<Callable<String>> creators = new ArrayList<>();
    for (int i = 0; i < 16; i++) {
      creators.add(() -> providers.sealer(ref).id());
    }
    try (ExecutorService pool = Executors.newFixedThreadPool(8)) {
      List<String> ids = new ArrayList<>();
      for (Future<String> id : pool.invokeAll(creators)) {
        ids.add(id.get());
      }
      assertEquals(1, ids.stream().distinct().count());
    }
  }

  @Test
  void does_not_create_what_was_configured() {
    KeyRef ref = KeyRef.parse("file:root.pem", directory);
    KeyException refusal = assertThrows(KeyException.class, () -> providers.signer(ref));
    assertTrue(refusal.getMessage().contains("no such file"), refusal.getMessage());
    assertFalse(Files.exists(directory.resolve("root.pem")));
  }

  @Test
  void says_what_to_do_where_it_may_not_write() {
    KeyRef ref = KeyRef.defaultFile(Path.of("/proc/none/root.pem"));
    KeyException refusal = assertThrows(KeyException.class, () -> providers.signer(ref));
    assertTrue(
        refusal.getMessage().contains("put it there, or let the broker write into its folder"),
        refusal.getMessage());
  }

  @Test
  void reads_paths_relative_to_the_base() throws IOException {
    write("root.pem", PemPrivateKey.generate());
    String id = providers.signer(KeyRef.parse("file:root.pem", directory)).id();
    assertEquals(
        id, providers.signer(KeyRef.parse("file:" + directory + "/root.pem", Path.of("/"))).id());
    assertEquals(
        id, providers.signer(KeyRef.parse("file://" + directory + "/root.pem", Path.of("/"))).id());
    assertThrows(
        KeyException.class,
        () -> providers.signer(KeyRef.parse("file://host/root.pem", directory)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"rw-r-----", "rw----r--", "rw--w----", "rwx--x---"})
  void refuses_a_file_that_others_can_reach(String permissions) throws IOException {
    Path file = write("root.pem", PemPrivateKey.generate());
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
    KeyException refusal =
        assertThrows(
            KeyException.class, () -> providers.signer(KeyRef.parse("file:root.pem", directory)));
    assertTrue(refusal.getMessage().contains("chmod 600"), refusal.getMessage());
  }

  /** As Kubernetes mounts a Secret and systemd a credential: root's, and readable by leave. */
  @ParameterizedTest
  @CsvSource({
    "r--r-----, 0, 1000, true",
    "r--r-----, 0, 0, false",
    "r--r-----, 1000, 1000, false",
    "r--r-----, 1001, 1000, false",
    "rw-rw----, 0, 1000, false",
    "r--r--r--, 0, 1000, false",
    "r--r-x---, 0, 1000, false",
    "rw-------, 1000, 1000, true"
  })
  void only_root_may_share_a_file_with_the_group_it_is_meant_for(
      String permissions, int owner, int self, boolean fine) {
    assertEquals(
        fine, SecretFile.isPrivate(PosixFilePermissions.fromString(permissions), owner, self));
  }

  @ParameterizedTest
  @CsvSource({
    "genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256, ES256",
    "ecparam -genkey -name prime256v1 -noout, ES256",
    "ecparam -genkey -name prime256v1, ES256",
    "genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048, RS256",
    "genrsa -traditional 2048, RS256",
    "genpkey -algorithm ED25519, ED25519"
  })
  void reads_what_openssl_writes_and_signs_with_it(String command, SignatureAlgorithm algorithm)
      throws Exception {
    write("key.pem", pem(command));
    Signer signer = providers.signer(KeyRef.parse("file:key.pem", directory));
    assertEquals(algorithm, signer.algorithm());
    assertTrue(verifies(signer));
    Openssl.run(directory, "pkey", "-in", "key.pem", "-pubout", "-outform", "DER", "-out", "pub");
    assertEquals(Digests.sha256Hex(Files.readAllBytes(directory.resolve("pub"))), signer.id());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-384",
        "genpkey -algorithm EC -pkeyopt ec_paramgen_curve:secp256k1",
        "genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:1024",
        "genpkey -algorithm X25519",
        "genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -aes256 -pass pass:secret"
      })
  void refuses_keys_that_are_too_weak_or_of_another_kind(String command) throws IOException {
    String pem = pem(command);
    write("key.pem", pem);
    KeyRef ref = KeyRef.parse("file:key.pem", directory);
    KeyException refusal = assertThrows(KeyException.class, () -> providers.signer(ref));
    assertTrue(refusal.getMessage().contains("P-256"), refusal.getMessage());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "garbage", "-----BEGIN PRIVATE KEY-----\nSECRET\n-----END PRIVATE KEY-----\n"})
  void never_repeats_what_an_unreadable_file_holds(String content) throws IOException {
    write("key.pem", content);
    KeyRef ref = KeyRef.parse("file:key.pem", directory);
    for (KeyException refusal :
        List.of(
            assertThrows(KeyException.class, () -> providers.signer(ref)),
            assertThrows(KeyException.class, () -> providers.sealer(ref)))) {
      assertFalse(refusal.getMessage().contains("SECRET"), refusal.getMessage());
      assertEquals(null, refusal.getCause());
    }
  }

  @Test
  void two_default_keys_differ() {
    String one = providers.signer(KeyRef.defaultFile(directory.resolve("a"))).id();
    assertNotEquals(one, providers.signer(KeyRef.defaultFile(directory.resolve("b"))).id());
  }

  private static boolean verifies(Signer signer) throws GeneralSecurityException {
    Signature signature = Signature.getInstance(signer.algorithm().jcaName());
    signature.initVerify(signer.publicKey());
    signature.update(MESSAGE);
    return signature.verify(signer.sign(MESSAGE));
  }

  private String pem(String command) {
    Openssl.Result made = Openssl.run(directory, command.split(" "));
    assertEquals(0, made.status(), made.output());
    return made.output().substring(made.output().indexOf("-----BEGIN"));
  }

  private Path write(String name, String content) throws IOException {
    Path file = Files.writeString(directory.resolve(name), content);
    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
  }
}
