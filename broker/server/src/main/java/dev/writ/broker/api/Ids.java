package dev.writ.broker.api;

import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * Reads UUIDs as they are written canonically (RFC 9562 section 4), which {@link UUID#fromString}
 * does not insist on.
 */
final class Ids {
  private static final Pattern CANONICAL =
      Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");

  private Ids() {}

  static Optional<UUID> parse(String text) {
    return CANONICAL.matcher(text).matches()
        ? Optional.of(UUID.fromString(text))
        : Optional.empty();
  }
}
