package dev.writ.broker.keys;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EnvelopeFileTest {

  private static final byte[] PLAINTEXT = bytes("a private key");
  private static final byte[] CONTEXT = bytes("slot/kid");

  private final EnvelopeFile key = EnvelopeFile.ephemeral();

  @Test
  void opens_what_it_sealed_for_the_same_context() {
    assertArrayEquals(PLAINTEXT, key.open(key.seal(PLAINTEXT, CONTEXT), CONTEXT));
    assertArrayEquals(new byte[0], key.open(key.seal(new byte[0], CONTEXT), CONTEXT));
  }

  @Test
  void refuses_another_context_and_another_key() {
    byte[] sealed = key.seal(PLAINTEXT, CONTEXT);
    assertThrows(KeyException.class, () -> key.open(sealed, bytes("slot/other")));
    assertThrows(KeyException.class, () -> EnvelopeFile.ephemeral().open(sealed, CONTEXT));
  }

  @Test
  void refuses_any_altered_bit_and_any_missing_byte() {
    byte[] sealed = key.seal(PLAINTEXT, CONTEXT);
    for (int bit = 0; bit < sealed.length * Byte.SIZE; bit++) {
      byte[] altered = sealed.clone();
      altered[bit / Byte.SIZE] ^= (byte) (1 << bit % Byte.SIZE);
      assertThrows(KeyException.class, () -> key.open(altered, CONTEXT));
    }
    for (int length = 0; length < sealed.length; length++) {
      byte[] cut = Arrays.copyOf(sealed, length);
      assertThrows(KeyException.class, () -> key.open(cut, CONTEXT));
    }
  }

  @Test
  void seals_the_same_twice_differently() {
    assertFalse(Arrays.equals(key.seal(PLAINTEXT, CONTEXT), key.seal(PLAINTEXT, CONTEXT)));
  }

  @Test
  void is_named_the_same_wherever_it_is_read_and_shows_nothing_of_the_key() {
    String file = EnvelopeFile.generate();
    EnvelopeFile read = EnvelopeFile.parse(file, "test");
    assertEquals(read.id(), EnvelopeFile.parse(file.strip(), "test").id());
    assertEquals(64, read.id().length());
    String secret = file.strip().substring(file.indexOf(':') + 1);
    assertFalse(read.toString().contains(secret));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "writ-envelope-key-1:",
        "writ-envelope-key-1:AAAA",
        "writ-envelope-id-1:0000000000000000000000000000000000000000000000000000000000000000",
        "writ-envelope-key-2:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
        "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="
      })
  void refuses_a_file_that_is_no_key_of_256_bits(String text) {
    assertThrows(KeyException.class, () -> EnvelopeFile.parse(text, "test"));
  }

  @Test
  void the_newest_version_seals_and_the_older_ones_still_open() {
    String old = EnvelopeFile.generate();
    EnvelopeFile before = EnvelopeFile.parse(old, "test");
    EnvelopeFile after = EnvelopeFile.parse(old + EnvelopeFile.generate(), "test");
    byte[] sealed = before.seal(PLAINTEXT, CONTEXT);

    assertEquals(before.id(), after.id());
    assertArrayEquals(PLAINTEXT, after.open(sealed, CONTEXT));
    byte[] anew = after.reseal(sealed, CONTEXT).orElseThrow();
    assertArrayEquals(PLAINTEXT, after.open(anew, CONTEXT));
    assertThrows(KeyException.class, () -> before.open(anew, CONTEXT));
    assertEquals(Optional.empty(), after.reseal(anew, CONTEXT));
    assertThrows(KeyException.class, () -> after.reseal(sealed, bytes("slot/other")));
  }

  @Test
  void keeps_its_id_when_the_first_version_is_gone() {
    String old = EnvelopeFile.generate();
    String fresh = EnvelopeFile.generate();
    EnvelopeFile before = EnvelopeFile.parse(old + fresh, "test");
    EnvelopeFile after =
        EnvelopeFile.parse("writ-envelope-id-1:" + before.id() + "\n" + fresh, "test");

    assertEquals(before.id(), after.id());
    assertArrayEquals(PLAINTEXT, after.open(before.seal(PLAINTEXT, CONTEXT), CONTEXT));
    byte[] sealed = EnvelopeFile.parse(old, "test").seal(PLAINTEXT, CONTEXT);
    assertThrows(KeyException.class, () -> after.open(sealed, CONTEXT));
  }

  @Test
  void takes_16_versions_and_no_more() {
    String most = EnvelopeFile.generate().repeat(16);
    assertEquals(64, EnvelopeFile.parse(most, "test").id().length());
    String more = most + EnvelopeFile.generate();
    assertThrows(KeyException.class, () -> EnvelopeFile.parse(more, "test"));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
