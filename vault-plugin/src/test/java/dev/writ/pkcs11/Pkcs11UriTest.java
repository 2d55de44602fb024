package dev.writ.pkcs11;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.writ.broker.keys.KeyException;
import dev.writ.broker.keys.KeyRef;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class Pkcs11UriTest {
  private static final Path BASE = Path.of("/etc/writ");

  @Test
  void reads_what_rfc_7512_writes() {
    Pkcs11Uri uri =
        parse(
            "pkcs11:token=The%20Software%20PKCS%2311;object=my-key;id=%69%95%3e;type=private;slot-id=3"
                + "?module-path=/lib/p11.so&pin-source=file:/etc/token");

    assertEquals(Optional.of("The Software PKCS#11"), uri.text("token"));
    assertEquals(Optional.of("my-key"), uri.text("object"));
    assertArrayEquals(new byte[] {0x69, (byte) 0x95, 0x3e}, uri.path().get("id"));
    assertEquals(Path.of("/lib/p11.so"), uri.module());
    assertEquals(Optional.of(Path.of("/etc/token")), uri.pinFile());
    uri.demandType("private");
    assertThrows(KeyException.class, () -> uri.demandType("secret-key"));
  }

  @ParameterizedTest
  @CsvSource({
    "pin, /etc/writ/pin",
    "file:pin, /etc/writ/pin",
    "file:/run/pin, /run/pin",
    "file:///run/pin, /run/pin",
    "file:%2Frun%2Fpin, /run/pin"
  })
  void finds_the_pin_beside_the_configuration(String source, Path file) {
    assertEquals(
        Optional.of(file), parse("pkcs11:object=a?module-path=/m&pin-source=" + source).pinFile());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "pkcs11:object=a?module-path=/m&pin-value=s3cret",
        "pkcs11:object=a?pin-value=s3cret&module-path=/m",
        "pkcs11:object=a?pin-value"
      })
  void refuses_a_pin_in_the_uri_and_does_not_repeat_it(String uri) {
    String message = assertThrows(KeyException.class, () -> parse(uri)).getMessage();
    assertTrue(message.contains("pin-source"), message);
    assertFalse(message.contains("s3cret"), message);
  }

  @Test
  void runs_no_command_for_a_pin() {
    Pkcs11Uri uri = parse("pkcs11:object=a?module-path=/m&pin-source=|cat");
    assertTrue(assertThrows(KeyException.class, uri::pinFile).getMessage().contains("a command"));
  }

  @ParameterizedTest
  @CsvSource({
    "pkcs11:token=a?module-path=/m, names no key",
    "pkcs11:object=a, names no module",
    "pkcs11:object=a;object=b?module-path=/m, twice",
    "pkcs11:object=?module-path=/m, empty",
    "pkcs11:object=%zz?module-path=/m, percent-encoded",
    "pkcs11:object=a%?module-path=/m, percent-encoded",
    "pkcs11:objekt=a?module-path=/m, not known here",
    "pkcs11:object=a?module-name=p11, not known here",
    "pkcs11:object=a;?module-path=/m, not known here",
    "pkcs11:object=a;slot-id=x?module-path=/m, slot-id is a number"
  })
  void says_what_is_wrong_with_a_uri(String uri, String why) {
    String message = assertThrows(KeyException.class, () -> parse(uri)).getMessage();
    assertTrue(message.contains(why), message);
  }

  private static Pkcs11Uri parse(String uri) {
    return Pkcs11Uri.parse(KeyRef.parse(uri, BASE));
  }
}
