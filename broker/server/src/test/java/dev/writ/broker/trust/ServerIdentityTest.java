package dev.writ.broker.trust;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.writ.broker.keys.KeyException;
import dev.writ.broker.keys.KeyRef;
import dev.writ.broker.keys.Openssl;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ServerIdentityTest {

  @TempDir Path directory;

  @Test
  void reads_a_configured_certificate_with_its_key() throws IOException {
    certificate("a");
    ServerIdentity identity = load("a", "a");
    assertEquals(1, identity.chain().size());
    assertEquals("RSA", identity.key().getAlgorithm());
    assertFalse(identity.toString().contains("RSA private"), identity.toString());
  }

  @Test
  void refuses_a_certificate_of_another_key() throws IOException {
    certificate("a");
    certificate("b");
    KeyException refusal = assertThrows(KeyException.class, () -> load("a", "b"));
    assertTrue(refusal.getMessage().contains("first certificate"), refusal.getMessage());
  }

  @Test
  void refuses_a_key_that_others_can_read_and_one_that_is_no_file() throws IOException {
    certificate("a");
    permit("a.key", "rw-r--r--");
    assertThrows(KeyException.class, () -> load("a", "a"));
    KeyRef vault = KeyRef.parse("vault:transit/tls", directory);
    Path certificate = directory.resolve("a.crt");
    assertThrows(KeyException.class, () -> ServerIdentity.load(certificate, vault));
  }

  @Test
  void refuses_a_missing_or_unreadable_certificate() throws IOException {
    certificate("a");
    assertThrows(KeyException.class, () -> load("missing", "a"));
    Files.writeString(directory.resolve("a.crt"), "no certificate");
    assertThrows(KeyException.class, () -> load("a", "a"));
  }

  @Test
  void sorts_hosts_into_names_and_addresses_without_looking_them_up() {
    ServerNames names =
        ServerNames.of(
            List.of(
                "Broker.Example", "localhost", "127.0.0.1", "[::1]", "0.0.0.0", "::", "localhost"));
    assertEquals(List.of("broker.example", "localhost"), names.dns());
    assertEquals(
        List.of(InetAddress.ofLiteral("127.0.0.1"), InetAddress.ofLiteral("::1")),
        names.addresses());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "a b",
        "*.example",
        "a..b",
        "a:8443",
        "https://a",
        "1.2.3.4.5:1",
        "b\u00fccher.example"
      })
  void refuses_what_is_no_host(String host) {
    assertThrows(IllegalArgumentException.class, () -> ServerNames.of(List.of(host)));
  }

  @Test
  void bounds_the_number_of_names() {
    assertEquals(1, ServerNames.of(Collections.nCopies(32, "a")).dns().size());
    assertThrows(
        IllegalArgumentException.class, () -> ServerNames.of(Collections.nCopies(33, "a")));
  }

  private ServerIdentity load(String certificate, String key) {
    return ServerIdentity.load(
        directory.resolve(certificate + ".crt"), KeyRef.parse("file:" + key + ".key", directory));
  }

  private void certificate(String name) throws IOException {
    String command =
        "req -x509 -newkey rsa:2048 -nodes -subj /CN=localhost -keyout %s.key -out %s.crt"
            .formatted(name, name);
    assertEquals(0, Openssl.run(directory, command.split(" ")).status());
    permit(name + ".key", "rw-------");
  }

  private void permit(String file, String permissions) throws IOException {
    Files.setPosixFilePermissions(
        directory.resolve(file), PosixFilePermissions.fromString(permissions));
  }
}
