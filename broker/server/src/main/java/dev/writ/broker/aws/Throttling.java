package dev.writ.broker.aws;

import java.net.http.HttpHeaders;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/** When STS wants to be asked less. */
final class Throttling {
  private static final Set<String> CODES =
      Set.of(
          "Throttling",
          "ThrottlingException",
          "ThrottledException",
          "RequestThrottled",
          "RequestLimitExceeded",
          "TooManyRequestsException",
          "SlowDown");

  /** AWS refills its buckets every second and names no time. */
  private static final Duration USUAL = Duration.ofSeconds(5);

  private static final Duration MAX = Duration.ofHours(1);

  private Throttling() {}

  static boolean is(int status, String code) {
    return status == 429 || CODES.contains(code);
  }

  /** When to ask again. */
  static Instant until(HttpHeaders headers, Instant now) {
    Duration wait = headers.firstValue("retry-after").flatMap(Throttling::seconds).orElse(USUAL);
    return now.plus(wait.compareTo(MAX) < 0 ? wait : MAX);
  }

  private static Optional<Duration> seconds(String text) {
    return text.matches("[0-9]{1,9}")
        ? Optional.of(Duration.ofSeconds(Math.max(1, Long.parseLong(text))))
        : Optional.empty();
  }
}
