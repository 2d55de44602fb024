package dev.writ.broker.keys;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EnvelopeKeyTest {

  private static final byte[] PLAINTEXT = bytes("a private key");
  private static final byte[] CONTEXT = bytes("slot/kid");

  private final EnvelopeKey key = EnvelopeKey.ephemeral();

  @Test
  void opens_what_it_sealed_for_the_same_context() {
    assertArrayEquals(PLAINTEXT, key.open(key.seal(PLAINTEXT, CONTEXT), CONTEXT));
    assertArrayEquals(new byte[0], key.open(key.seal(new byte[0], CONTEXT), CONTEXT));
  }

  @Test
  void refuses_another_context_and_another_key() {
    byte[] sealed = key.seal(PLAINTEXT, CONTEXT);
    assertThrows(KeyException.class, () -> key.open(sealed, bytes("slot/other")));
    assertThrows(KeyException.class, () -> EnvelopeKey.ephemeral().open(sealed, CONTEXT));
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
    String file = EnvelopeKey.generate();
    EnvelopeKey read = EnvelopeKey.parse(file, "test");
    assertEquals(read.id(), EnvelopeKey.parse(file.strip(), "test").id());
    assertEquals(64, read.id().length());
    String secret = file.strip().substring(file.indexOf(':') + 1);
    assertFalse(read.toString().contains(secret));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "writ-envelope-key-1:",
        "writ-envelope-key-1:AAAA",
        "writ-envelope-key-2:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
        "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="
      })
  void refuses_a_file_that_is_no_key_of_256_bits(String text) {
    assertThrows(KeyException.class, () -> EnvelopeKey.parse(text, "test"));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
