package dev.writ.broker.doctor;

import dev.writ.broker.remote.Drift;
import dev.writ.broker.remote.Learnt;
import java.time.Duration;
import java.util.Locale;

/** How far this node's clock may be from others', and what to do about it. */
final class Clocks {
  /** What the lives of keys and tokens allow for. */
  static final Duration APART_MAX = Duration.ofSeconds(10);

  private static final String SET_IT =
      "Keep the time on this machine: `chronyc tracking` says how it does; install chrony where it is missing.";

  private Clocks() {}

  /** Of a target, whose answers are dated to a second. */
  static Finding of(String subject, Learnt<Duration> ahead) {
    return switch (ahead) {
      case Learnt.Known<Duration>(Duration by) -> of(subject, by);
      case Learnt.Unknown<Duration>(Learnt.Cause cause, String why) ->
          Finding.warn(
              Area.CLOCK,
              subject,
              "Its clock is not known: " + why + ".",
              Remedies.of(cause, "Look at what `writ doctor github aws` says of it."));
    };
  }

  private static Finding of(String subject, Duration ahead) {
    if (ahead.abs().compareTo(APART_MAX) <= 0) {
      return Finding.ok(
          Area.CLOCK,
          subject,
          "The clocks agree within %d s.".formatted(Math.max(1, ahead.abs().toSeconds())));
    }
    String found =
        "This node's clock is %s its. Up to %d s is allowed for."
            .formatted(Drift.words(ahead), APART_MAX.toSeconds());
    return ahead.abs().compareTo(Drift.CLOCKS_APART) <= 0
        ? Finding.warn(Area.CLOCK, subject, found, SET_IT)
        : Finding.fail(
            Area.CLOCK, subject, found + " It will refuse what this node signs.", SET_IT);
  }

  /** Of the database, measured exactly. */
  static Finding ofDatabase(Area area, Duration offset, Duration max) {
    String found =
        String.format(
            Locale.ROOT,
            "The database's clock is %.1f s %s this node's; up to %d s is allowed.",
            offset.abs().toMillis() / 1e3,
            offset.isNegative() ? "behind" : "ahead of",
            max.toSeconds());
    return offset.abs().compareTo(max) <= 0
        ? Finding.ok(area, "database", found)
        : Finding.fail(
            area,
            "database",
            found + " Until then this node is not ready.",
            SET_IT + " The database's machine likewise.");
  }
}
