package dev.writ.envelope;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The data keys in memory by their wrapped form: at most so many, the one unused for longest leaves
 * first, and none stays longer than it may be used. Lost, it costs one question a key.
 */
final class HeldKeys {
  private final Duration held;
  private final Map<ByteBuffer, HeldKey> keys;

  HeldKeys(int most, Duration held) {
    this.held = held;
    this.keys =
        new LinkedHashMap<>(16, 0.75f, true) {
          @Override
          protected boolean removeEldestEntry(Map.Entry<ByteBuffer, HeldKey> eldest) {
            return size() > most;
          }
        };
  }

  synchronized Optional<HeldKey> get(byte[] wrapped) {
    return Optional.ofNullable(keys.get(ByteBuffer.wrap(wrapped)));
  }

  synchronized void put(HeldKey key, Instant now) {
    keys.values().removeIf(old -> !now.isBefore(old.confirmed().plus(held)));
    keys.put(ByteBuffer.wrap(key.wrapped()), key);
  }
}
