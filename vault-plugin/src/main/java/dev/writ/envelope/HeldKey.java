package dev.writ.envelope;

import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import javax.crypto.SecretKey;

/** A data key in memory, and when its keeper last confirmed it. */
final class HeldKey {
  private final SecretKey key;
  private final byte[] wrapped;
  private final int version;
  private final Instant confirmed;
  private final AtomicLong seals = new AtomicLong();

  HeldKey(SecretKey key, byte[] wrapped, int version, Instant confirmed) {
    this.key = key;
    this.wrapped = wrapped;
    this.version = version;
    this.confirmed = confirmed;
  }

  SecretKey key() {
    return key;
  }

  /** Not to be changed. */
  byte[] wrapped() {
    return wrapped;
  }

  int version() {
    return version;
  }

  Instant confirmed() {
    return confirmed;
  }

  void count() {
    seals.incrementAndGet();
  }

  boolean isSpent(long most) {
    return seals.get() >= most;
  }

  @Override
  public String toString() {
    return "HeldKey[version=" + version + ", confirmed=" + confirmed + "]";
  }
}
