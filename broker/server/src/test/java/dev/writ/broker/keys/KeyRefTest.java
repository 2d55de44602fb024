package dev.writ.broker.keys;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeyRefTest {

  private static final Path BASE = Path.of("/etc/writ");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "file:root.pem",
        "file:/etc/writ/root.pem",
        "vault:transit/writ-root?version=3",
        "pkcs11:token=writ;object=root"
      })
  void keeps_what_stands_after_the_scheme_as_it_is(String text) {
    assertEquals(text, KeyRef.parse(text, BASE).toString());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "root.pem", "/etc/root.pem", "file:", "File:x", ":x", "file:a\u0000b"})
  void refuses_what_is_no_uri(String text) {
    assertThrows(KeyException.class, () -> KeyRef.parse(text, BASE));
  }

  @Test
  void bounds_the_length() {
    String longest = "file:" + "x".repeat(2_043);
    assertEquals(longest, KeyRef.parse(longest, BASE).toString());
    assertThrows(KeyException.class, () -> KeyRef.parse(longest + "x", BASE));
  }

  @Test
  void never_creates_what_was_configured_but_creates_the_default() {
    assertFalse(KeyRef.parse("file:root.pem", BASE).createWhenAbsent());
    assertTrue(KeyRef.defaultFile(Path.of("data/root.pem")).createWhenAbsent());
  }

  @Test
  void says_which_schemes_are_known() {
    KeyRef vault = KeyRef.parse("vault:transit/root", BASE);
    KeyException refusal =
        assertThrows(KeyException.class, () -> KeyProviders.load().signer(vault));
    assertTrue(refusal.getMessage().contains("known here: file"), refusal.getMessage());
  }
}
