package dev.writ.broker.token;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StrictBase64UrlTest {

  @Test
  void reads_back_what_was_written() {
    Random random = new Random(1);
    for (int length = 0; length < 100; length++) {
      byte[] bytes = new byte[length];
      random.nextBytes(bytes);
      assertArrayEquals(bytes, StrictBase64Url.decode(StrictBase64Url.encode(bytes)).orElseThrow());
    }
  }

  @Test
  void reads_one_spelling_per_value_only() {
    for (String quantum : new String[] {"A", "QUJDA"}) {
      assertTrue(StrictBase64Url.decode(quantum).isEmpty());
    }
    String alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    int two = 0;
    int three = 0;
    for (char last : alphabet.toCharArray()) {
      two += StrictBase64Url.decode("Y" + last).isPresent() ? 1 : 0;
      three += StrictBase64Url.decode("YW" + last).isPresent() ? 1 : 0;
    }
    assertTrue(two == 4 && three == 16, two + " " + three);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "YQ==",
        "YQ=",
        "YR",
        "Y+",
        "Y/",
        "YW I",
        "YWI\n",
        " YWI",
        "YWI\u0000",
        "YW\u00e9",
        "YW\uff29",
        "YW.I"
      })
  void refuses_padding_stray_bits_and_other_characters(String text) {
    assertTrue(StrictBase64Url.decode(text).isEmpty());
  }
}
