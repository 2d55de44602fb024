package dev.writ.broker.github;

import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/**
 * That GitHub gives no more for now: status 403 or 429, and one of {@code retry-after} (secondary
 * limits), {@code x-ratelimit-remaining: 0} with its reset, or words that say so.
 *
 * @param reason for the agent and its operator
 * @param until when to ask again
 */
record RateLimit(String reason, Instant until) {
  /** What GitHub advises when it gives no time. */
  private static final Duration USUAL = Duration.ofSeconds(60);

  /** Quotas are hourly; whatever says more is wrong. */
  private static final Duration MOST = Duration.ofHours(1);

  static Optional<RateLimit> of(Reply.Answer answer, App app, String account, Instant now) {
    if (answer.status() != 403 && answer.status() != 429) {
      return Optional.empty();
    }
    Optional<Long> after = number(answer, "retry-after");
    boolean used = number(answer, "x-ratelimit-remaining").filter(left -> left == 0).isPresent();
    boolean worded = answer.message().toLowerCase(Locale.ROOT).contains("rate limit");
    if (after.isEmpty() && !used && !worded && answer.status() != 429) {
      return Optional.empty();
    }
    Optional<Instant> reset =
        number(answer, "x-ratelimit-reset").filter(second -> used).map(Instant::ofEpochSecond);
    Instant until = after.map(now::plusSeconds).or(() -> reset).orElse(now.plus(USUAL));
    return Optional.of(
        new RateLimit(
            "GitHub's quota of %s in %s is used up (%s)".formatted(app, account, answer.said()),
            bounded(until, now)));
  }

  /** A header's whole number, if it is one that makes sense. */
  static Optional<Long> number(Reply.Answer answer, String header) {
    return answer.header(header).filter(text -> text.matches("[0-9]{1,10}")).map(Long::valueOf);
  }

  private static Instant bounded(Instant until, Instant now) {
    if (until.isBefore(now)) {
      return now.plusSeconds(1);
    }
    return until.isAfter(now.plus(MOST)) ? now.plus(MOST) : until;
  }
}
