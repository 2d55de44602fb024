package dev.writ.keycloak.transfer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.writ.keycloak.store.Settings;
import dev.writ.keycloak.store.Version;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.keycloak.models.ModelValidationException;

class ContentsTest {
  private static final Contents CONTENTS =
      new Contents(
          17,
          4,
          new Settings(Optional.of("https://writ.example.org"), Optional.empty(), "writ-broker"),
          List.of(version(1, OptionalInt.empty()), version(2, OptionalInt.of(1))));

  private static Version version(int number, OptionalInt from) {
    String canonical =
        "{\"name\":\"p\",\"lifetime\":{\"agent\":\"1h\",\"credential\":\"1h\"},\"launch\":[],\"grants\":[]}";
    Instant at = Instant.parse("2026-11-23T10:00:00.123Z");
    return new Version("p", number, canonical, "user:ada", at, "Grüße", false, from);
  }

  @Test
  void comes_back_as_it_went() {
    assertEquals(CONTENTS, Contents.read(CONTENTS.json()));
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '\'',
      value = {
        "'\"format\":1', '\"format\":2', format: expected 1",
        "'\"name\":\"p\",\"versions\"', '\"name\":\"P\",\"versions\"', a policy has no name",
        "'\"version\":2', '\"version\":1', the versions do not grow",
        "'\"version\":1', '\"version\":0', the versions do not grow",
        "'2026-11-23T10:00:00.123Z', yesterday, a version has no time",
        "'https://writ.example.org', 'http://writ.example.org', http is for loopback only",
        "'{', 'x{', not JSON",
      })
  void what_was_tampered_with_is_not_read(String was, String is, String complaint) {
    String json = CONTENTS.json().replace(was, is);
    String message =
        String.valueOf(
            assertThrows(ModelValidationException.class, () -> Contents.read(json)).getMessage());
    assertTrue(message.contains(complaint), message);
  }
}
