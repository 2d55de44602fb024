package dev.writ.broker.remote;

import java.time.Duration;

/** When an agent has waited long enough. By the monotonic clock. */
public final class Deadline {
  private final long nanos;

  private Deadline(long nanos) {
    this.nanos = nanos;
  }

  public static Deadline in(Duration time) {
    return new Deadline(System.nanoTime() + time.toNanos());
  }

  /** What is left, at most {@code most}; never negative. */
  public Duration left(Duration most) {
    Duration left = Duration.ofNanos(Math.max(0, nanos - System.nanoTime()));
    return left.compareTo(most) < 0 ? left : most;
  }
}
