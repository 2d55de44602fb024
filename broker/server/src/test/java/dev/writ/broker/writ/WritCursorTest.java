package dev.writ.broker.writ;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WritCursorTest {

  @Test
  void comes_back_as_it_went_out() {
    WritCursor cursor =
        new WritCursor(Instant.parse("2026-11-23T10:00:00.123456Z"), UUID.randomUUID());
    assertEquals(Optional.of(cursor), WritCursor.parse(cursor.text()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "x",
        "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
        "_____AAAAAAAAAAAAAAAAAAAAAAAAAAA",
        "f____AAAAAAAAAAAAAAAAAAAAAAAAAAA"
      })
  void anything_else_is_none(String text) {
    assertEquals(Optional.empty(), WritCursor.parse(text));
  }
}
