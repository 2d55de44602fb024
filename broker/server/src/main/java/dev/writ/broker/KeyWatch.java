package dev.writ.broker;

import dev.writ.broker.keys.KeyException;
import dev.writ.broker.rotation.Slot;
import dev.writ.broker.rotation.SlotView;
import dev.writ.broker.rotation.Slots;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * How the deployment's keys are, as upkeep saw them last: asking costs neither the database nor who
 * keeps the keys anything.
 */
final class KeyWatch {
  private static final Duration EVERY = Duration.ofSeconds(30);
  private static final String INTERMEDIATE = "intermediate";

  private final Slots slots;
  private final String ownIntermediate;
  private final InstantSource clock;
  private volatile List<Seen> seen = List.of();
  private volatile Instant looked = Instant.MIN;

  /**
   * @param key the slot; {@code intermediate} for this node's own, because nodes come and go and
   *     each tells of its own
   * @param since when the key that is used became so; empty where none is
   * @param next when it is to be replaced; empty where people do that
   */
  private record Seen(
      String key, Optional<Instant> since, Optional<Instant> next, boolean trouble) {}

  /** One key's value at the moment. */
  record Reading(String key, double value) {}

  KeyWatch(Slots slots, UUID node, InstantSource clock) {
    this.slots = slots;
    this.ownIntermediate = INTERMEDIATE + ":" + node;
    this.clock = clock;
  }

  /**
   * Looks again if the last look is half a minute old; one that fails leaves the last one.
   *
   * @throws dev.writ.broker.store.DatabaseUnavailable if it is
   */
  void look() {
    Instant now = clock.instant();
    if (looked.isAfter(now.minus(EVERY))) {
      return;
    }
    looked = now;
    List<Seen> fresh = new ArrayList<>();
    for (Slot slot : slots.all()) {
      if (!slot.id().startsWith(INTERMEDIATE) || slot.id().equals(ownIntermediate)) {
        fresh.add(seen(slot));
      }
    }
    seen = List.copyOf(fresh);
  }

  private Seen seen(Slot slot) {
    String key = slot.id().equals(ownIntermediate) ? INTERMEDIATE : slot.id();
    try {
      SlotView view = slot.view();
      return new Seen(
          key,
          view.current().map(SlotView.Version::since),
          view.next(),
          view.trouble().isPresent());
    } catch (KeyException unusable) {
      return new Seen(key, Optional.empty(), Optional.empty(), true);
    }
  }

  /** Seconds since each key is used. */
  List<Reading> ages() {
    Instant now = clock.instant();
    return seen.stream()
        .flatMap(one -> one.since.stream().map(since -> reading(one, Duration.between(since, now))))
        .toList();
  }

  /** Seconds until each key is to be replaced; negative once that is over. */
  List<Reading> untilRotation() {
    Instant now = clock.instant();
    return seen.stream()
        .flatMap(one -> one.next.stream().map(next -> reading(one, Duration.between(now, next))))
        .toList();
  }

  /** 1 for each key that is in trouble, 0 for the others. */
  List<Reading> troubles() {
    return seen.stream().map(one -> new Reading(one.key, one.trouble ? 1 : 0)).toList();
  }

  private static Reading reading(Seen one, Duration time) {
    return new Reading(one.key, time.toMillis() / 1e3);
  }
}
