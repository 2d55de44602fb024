package dev.writ.broker.remote;

import java.net.http.HttpHeaders;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;

/** How far this machine's clock is from a target's, by the {@code Date} of an answer. */
public final class Drift {
  /** From here on it is the likely cause of a refusal. */
  public static final Duration CLOCKS_APART = Duration.ofSeconds(30);

  private Drift() {}

  /** Such as {@code 90 s behind} or {@code 90 s ahead of}; empty if it is of no account. */
  public static Optional<String> of(HttpHeaders headers, Instant now) {
    return ahead(headers, now)
        .filter(ahead -> ahead.abs().compareTo(CLOCKS_APART) > 0)
        .map(Drift::words);
  }

  /** This clock minus the target's, to a second; empty if the answer does not tell. */
  public static Optional<Duration> ahead(HttpHeaders headers, Instant now) {
    try {
      return headers
          .firstValue("date")
          .map(date -> ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant())
          .map(at -> Duration.between(at, now));
    } catch (DateTimeException unreadable) {
      return Optional.empty();
    }
  }

  /** Such as {@code 90 s behind} or {@code 90 s ahead of}. */
  public static String words(Duration ahead) {
    return ahead.abs().toSeconds() + (ahead.isNegative() ? " s behind" : " s ahead of");
  }
}
