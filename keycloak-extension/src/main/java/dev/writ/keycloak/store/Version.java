package dev.writ.keycloak.store;

import dev.writ.policy.Bounds;
import dev.writ.policy.Policy;
import java.time.Duration;
import java.time.Instant;
import java.util.OptionalInt;
import java.util.Set;

/**
 * One version of a policy; a deletion is one, too.
 *
 * @param version from 1, one more with each change, never used again
 * @param canonical the policy as canonical JSON; for a deletion what was deleted
 * @param author such as {@code user:ada}
 * @param at to the millisecond
 * @param restoredFrom whose content it is, if an earlier one's was restored
 */
public record Version(
    String name,
    int version,
    String canonical,
    String author,
    Instant at,
    String comment,
    boolean deleted,
    OptionalInt restoredFrom) {

  /** What was saved stays readable when the limits for saving have been lowered. */
  static final Bounds READABLE =
      new Bounds(Duration.ofDays(100_000), Duration.ofDays(100_000), Set.of());

  /** Its content. */
  public Policy policy() {
    return Policy.json(canonical, READABLE).orElseThrow();
  }

  Version with(String content) {
    return new Version(name, version, content, author, at, comment, deleted, restoredFrom);
  }
}
