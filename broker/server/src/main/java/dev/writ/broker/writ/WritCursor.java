package dev.writ.broker.writ;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.Optional;
import java.util.UUID;

/**
 * The last writ of a page.
 *
 * @param issuedAt to the microsecond
 */
public record WritCursor(Instant issuedAt, UUID id) {
  private static final int BYTES = 24;
  private static final int CHARS = 32;

  /** The end of the year 9999: PostgreSQL holds more, RFC 3339 does not. */
  private static final long MICROS_MAX = 253_402_300_799_999_999L;

  /** As clients hold it: opaque to them. */
  public String text() {
    ByteBuffer bytes =
        ByteBuffer.allocate(BYTES)
            .putLong(ChronoUnit.MICROS.between(Instant.EPOCH, issuedAt))
            .putLong(id.getMostSignificantBits())
            .putLong(id.getLeastSignificantBits());
    return Base64.getUrlEncoder().encodeToString(bytes.array());
  }

  /** Empty for what is no cursor of ours. */
  public static Optional<WritCursor> parse(String text) {
    if (text.length() != CHARS || !text.matches("[A-Za-z0-9_-]*")) {
      return Optional.empty();
    }
    ByteBuffer bytes = ByteBuffer.wrap(Base64.getUrlDecoder().decode(text));
    long micros = bytes.getLong();
    if (micros < 0 || micros > MICROS_MAX) {
      return Optional.empty();
    }
    return Optional.of(
        new WritCursor(
            Instant.EPOCH.plus(micros, ChronoUnit.MICROS),
            new UUID(bytes.getLong(), bytes.getLong())));
  }
}
