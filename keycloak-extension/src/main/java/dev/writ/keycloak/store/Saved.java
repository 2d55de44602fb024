package dev.writ.keycloak.store;

import java.util.Optional;

/** What became of a change of a policy. */
public sealed interface Saved {

  /**
   * It is saved, as soon as the transaction commits.
   *
   * @param isNew there was no such policy, or it had been deleted
   */
  record Done(Version version, boolean isNew) implements Saved {}

  /** The content is what it was already; nothing was written. */
  record Unchanged(Version version) implements Saved {}

  /**
   * Somebody was quicker; nothing was written.
   *
   * @param current what is there now; empty if there never was such a policy
   */
  record Conflict(Optional<Version> current) implements Saved {}
}
