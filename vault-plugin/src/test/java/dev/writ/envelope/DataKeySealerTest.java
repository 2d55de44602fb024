package dev.writ.envelope;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.writ.broker.keys.KeyException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class DataKeySealerTest {
  private static final byte[] PLAINTEXT = "a token".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] CONTEXT = "held:1".getBytes(StandardCharsets.US_ASCII);
  private static final Instant START = Instant.parse("2026-03-01T12:00:00Z");
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Duration DAY = Duration.ofHours(24);

  private final AtomicReference<Instant> now = new AtomicReference<>(START);
  private final Keeper keeper = new Keeper();
  private final DataKeySealer sealer = sealer(DataKeySealer.Limits.DEFAULT);

  private DataKeySealer sealer(DataKeySealer.Limits limits) {
    return new DataKeySealer(keeper, limits, now::get);
  }

  private DataKeySealer node() {
    return sealer(DataKeySealer.Limits.DEFAULT);
  }

  @Test
  void opens_what_it_or_another_node_sealed_for_the_same_context_only() {
    byte[] sealed = seal();

    assertArrayEquals(PLAINTEXT, sealer.open(sealed, CONTEXT));
    assertArrayEquals(PLAINTEXT, node().open(sealed, CONTEXT));
    assertThrows(KeyException.class, () -> sealer.open(sealed, PLAINTEXT));
    assertThrows(KeyException.class, () -> sealer.open(sealed, new byte[0]));
  }

  @Test
  void refuses_any_altered_bit_and_any_missing_byte() {
    byte[] sealed = seal();
    for (int bit = 0; bit < sealed.length * Byte.SIZE; bit++) {
      byte[] altered = sealed.clone();
      altered[bit / Byte.SIZE] ^= (byte) (1 << bit % Byte.SIZE);
      assertThrows(KeyException.class, () -> sealer.open(altered, CONTEXT));
    }
    for (int length = 0; length < sealed.length; length++) {
      byte[] cut = Arrays.copyOf(sealed, length);
      assertThrows(KeyException.class, () -> sealer.open(cut, CONTEXT));
    }
  }

  @Test
  void asks_its_keeper_once_an_hour_and_not_once_a_value() {
    for (int i = 0; i < 1_000; i++) {
      sealer.open(seal(), CONTEXT);
    }
    assertEquals(1, keeper.asked());

    now.set(START.plus(HOUR).minusMillis(1));
    seal();
    assertEquals(1, keeper.asked());
    now.set(START.plus(HOUR));
    seal();
    seal();
    assertEquals(2, keeper.asked());
  }

  @Test
  void takes_another_data_key_after_as_many_values_as_one_may_seal() {
    DataKeySealer few = sealer(new DataKeySealer.Limits(HOUR, DAY, 3, 10, Duration.ofSeconds(10)));
    keeper.reset();
    for (int i = 0; i < 3; i++) {
      few.seal(PLAINTEXT, CONTEXT);
    }
    assertEquals(0, keeper.asked());
    few.seal(PLAINTEXT, CONTEXT);
    assertEquals(1, keeper.asked());
  }

  @Test
  void goes_on_for_a_day_without_its_keeper_and_no_longer() {
    byte[] before = seal();
    keeper.away(true);
    now.set(START.plus(HOUR));
    byte[] without = seal();
    now.set(START.plus(DAY).minusMillis(1));
    assertArrayEquals(PLAINTEXT, sealer.open(seal(), CONTEXT));
    assertArrayEquals(PLAINTEXT, sealer.open(before, CONTEXT));
    assertArrayEquals(PLAINTEXT, sealer.open(without, CONTEXT));

    now.set(START.plus(DAY));
    assertThrows(KeyException.class, this::seal);
    assertThrows(KeyException.class, () -> sealer.open(before, CONTEXT));

    keeper.away(false);
    assertArrayEquals(PLAINTEXT, sealer.open(before, CONTEXT));
    assertArrayEquals(PLAINTEXT, sealer.open(seal(), CONTEXT));
  }

  @Test
  void a_word_from_its_keeper_begins_another_day() {
    byte[] before = seal();
    now.set(START.plus(Duration.ofHours(23)));
    sealer.open(before, CONTEXT);
    seal();
    keeper.away(true);
    now.set(START.plus(Duration.ofHours(46)));
    assertArrayEquals(PLAINTEXT, sealer.open(before, CONTEXT));
    assertArrayEquals(PLAINTEXT, sealer.open(seal(), CONTEXT));
  }

  @Test
  void asks_an_absent_keeper_every_ten_seconds_and_makes_nobody_wait_between() {
    keeper.away(true);
    now.set(START.plus(HOUR));
    keeper.reset();
    seal();
    seal();
    now.set(START.plus(HOUR).plusSeconds(10).minusMillis(1));
    seal();
    assertEquals(1, keeper.asked());
    now.set(START.plus(HOUR).plusSeconds(10));
    seal();
    assertEquals(2, keeper.asked());
  }

  @Test
  void says_at_once_what_it_has_never_opened_while_the_keeper_is_away() {
    byte[] elsewhere = node().seal(PLAINTEXT, CONTEXT);
    keeper.away(true);
    assertEquals(
        "away",
        assertThrows(KeyException.class, () -> sealer.open(elsewhere, CONTEXT)).getMessage());
  }

  @Test
  void holds_no_more_data_keys_than_it_may() {
    DataKeySealer small =
        sealer(new DataKeySealer.Limits(HOUR, DAY, 1_000, 2, Duration.ofSeconds(10)));
    byte[] one = node().seal(PLAINTEXT, CONTEXT);
    byte[] two = node().seal(PLAINTEXT, CONTEXT);
    keeper.reset();
    small.open(one, CONTEXT);
    small.open(one, CONTEXT);
    assertEquals(1, keeper.asked());
    small.open(two, CONTEXT);
    small.open(one, CONTEXT);
    assertEquals(2, keeper.asked());
    small.open(seal(), CONTEXT);
    small.open(two, CONTEXT);
    assertEquals(4, keeper.asked());
  }

  @Test
  void seals_anew_what_an_older_version_sealed_and_by_the_newest_from_then_on() {
    byte[] old = seal();
    assertEquals(Optional.empty(), sealer.reseal(old, CONTEXT));
    keeper.rotate();
    assertEquals(Optional.empty(), sealer.reseal(old, CONTEXT), "asked a moment ago");
    now.set(START.plusSeconds(10));

    byte[] anew = sealer.reseal(old, CONTEXT).orElseThrow();

    assertArrayEquals(PLAINTEXT, sealer.open(anew, CONTEXT));
    assertEquals(Optional.empty(), sealer.reseal(anew, CONTEXT));
    assertEquals(Optional.empty(), sealer.reseal(seal(), CONTEXT));
    assertArrayEquals(PLAINTEXT, sealer.open(old, CONTEXT));
    assertThrows(KeyException.class, () -> sealer.reseal(old, PLAINTEXT));
  }

  @Test
  void shows_nothing_of_its_keys_and_wipes_what_it_was_given() {
    seal();
    assertEquals("DataKeySealer[the keeper's id]", sealer.toString());
    assertTrue(keeper.given().stream().allMatch(key -> Arrays.equals(key, new byte[32])));
    assertFalse(keeper.given().isEmpty());
  }

  private byte[] seal() {
    return sealer.seal(PLAINTEXT, CONTEXT);
  }
}
