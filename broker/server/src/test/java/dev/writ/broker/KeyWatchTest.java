package dev.writ.broker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.writ.broker.KeyWatch.Reading;
import dev.writ.broker.keys.KeyException;
import dev.writ.broker.rotation.Outcome;
import dev.writ.broker.rotation.Slot;
import dev.writ.broker.rotation.SlotView;
import dev.writ.broker.rotation.SlotView.Version;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class KeyWatchTest {
  private static final Instant START = Instant.parse("2026-03-01T00:00:00Z");
  private static final UUID NODE = new UUID(0, 1);

  private final List<Slot> slots = new ArrayList<>();
  private Instant now = START;
  private int looks;
  private final KeyWatch watch =
      new KeyWatch(
          () -> {
            looks++;
            return slots;
          },
          NODE,
          () -> now);

  /** A slot that can only be looked at. */
  private record Shown(String id, Supplier<SlotView> shown) implements Slot {
    @Override
    public SlotView view() {
      return shown.get();
    }

    @Override
    public Outcome rotate(boolean now, String by) {
      throw new AssertionError();
    }

    @Override
    public Outcome retire(Optional<String> version, String by) {
      throw new AssertionError();
    }

    @Override
    public Outcome compromise(Optional<String> version, String reason, String by) {
      throw new AssertionError();
    }
  }

  private void slot(String id, Optional<Instant> next, Optional<String> trouble) {
    List<Version> versions = List.of(new Version("k", "current", START, Optional.empty()));
    slots.add(
        new Shown(id, () -> new SlotView(id, "", "", versions, Optional.empty(), next, trouble)));
  }

  @Test
  void tells_age_and_rotation_of_now_without_another_look() {
    slot("token", Optional.of(START.plusSeconds(20)), Optional.empty());
    watch.look();

    now = START.plusMillis(19_500);
    assertEquals(List.of(new Reading("token", 19.5)), watch.ages());
    assertEquals(List.of(new Reading("token", 0.5)), watch.untilRotation());
    now = START.plusSeconds(21);
    assertEquals(List.of(new Reading("token", -1)), watch.untilRotation(), "overdue");
    assertEquals(1, looks);
  }

  @Test
  void looks_again_after_half_a_minute_and_not_before() {
    watch.look();
    now = START.plusMillis(29_999);
    watch.look();
    assertEquals(1, looks);
    now = START.plusSeconds(30);
    watch.look();
    assertEquals(2, looks);
  }

  @Test
  void tells_no_rotation_where_people_rotate_and_every_trouble() {
    slot("root", Optional.empty(), Optional.empty());
    slot("github:1", Optional.empty(), Optional.of("no key is used"));
    slots.add(
        new Shown(
            "envelope",
            () -> {
              throw new KeyException("sealed");
            }));
    watch.look();

    assertEquals(List.of(), watch.untilRotation());
    assertEquals(
        List.of(new Reading("root", 0), new Reading("github:1", 1), new Reading("envelope", 1)),
        watch.troubles());
    assertEquals(List.of(new Reading("root", 0), new Reading("github:1", 0)), watch.ages());
  }

  @Test
  void nodes_that_come_and_go_make_no_series() {
    slot("intermediate:" + new UUID(0, 2), Optional.empty(), Optional.empty());
    slot("intermediate:" + NODE, Optional.empty(), Optional.empty());
    watch.look();

    assertEquals(List.of(new Reading("intermediate", 0)), watch.troubles());
  }

  @Test
  void a_look_that_fails_leaves_the_last_one_and_is_not_repeated_at_once() {
    slot("token", Optional.of(START.plus(Duration.ofDays(30))), Optional.empty());
    watch.look();
    slots.add(
        new Shown(
            "sts",
            () -> {
              throw new IllegalStateException("the database is away");
            }));

    now = START.plusSeconds(30);
    assertThrows(IllegalStateException.class, watch::look);
    watch.look();
    assertEquals(2, looks);
    assertEquals(List.of(new Reading("token", 30)), watch.ages());
  }
}
