package dev.writ.broker.token;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class MaskedTest {
  private static final String BITS = "hI3Y9xq0_7-Qd1YkqVb2Zr6Tn8Lw5Xc4Ms1Pa0Ge9Uf";

  @Test
  void tokens_are_masked_wherever_they_stand() {
    for (String token :
        List.of(
            "writ_enrol_" + BITS,
            "writ_operator_" + BITS,
            "eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJ4In0." + BITS,
            "ghs_12345_eyJhbGciOiJFUzI1NiJ9.e30." + BITS,
            "github_pat_" + BITS)) {
      assertEquals("{\"scope\":\"(masked)\"}", Masked.of("{\"scope\":\"" + token + "\"}"));
      assertEquals("user:(masked) is unknown", Masked.of("user:" + token + " is unknown"));
    }
  }

  @Test
  void names_urls_hashes_and_ids_stay_as_they_are() {
    String text =
        "{\"resource\":\"https://github.com/acme/a-repository-with-a-rather-long-name\",\"id\":\"0b6e8c1e-31d7-4d02-a6a7-7d9fbd7ce3c5\","
            + "\"role\":\"arn:aws:iam::123456789012:role/agents-of-the-platform-team/readers\","
            + "\"sha256\":\"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\",\"price\":\"$1\\\\2\"}";
    assertEquals(text, Masked.of(text));
  }

  @Test
  void a_long_text_made_to_be_slow_is_not() {
    String text =
        "eyJ.".repeat(1 << 18)
            + " "
            + "a ".repeat(1 << 18)
            + ("a".repeat(39) + " ").repeat(1 << 14);
    assertTimeout(Duration.ofSeconds(5), () -> Masked.of(text));
  }
}
