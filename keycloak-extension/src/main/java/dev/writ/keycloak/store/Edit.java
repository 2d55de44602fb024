package dev.writ.keycloak.store;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * Who changes something, when and why.
 *
 * @param author such as {@code user:ada}
 * @param at to the millisecond
 * @param comment at most 1,000 characters
 */
public record Edit(String author, Instant at, String comment) {
  public static final int COMMENT_MAX = 1_000;

  public Edit {
    at = at.truncatedTo(ChronoUnit.MILLIS);
  }
}
