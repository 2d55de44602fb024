package dev.writ.broker.github;

import java.util.Optional;

/** What a repository's name in policies means at GitHub now. */
public sealed interface RepositoryState {

  /**
   * It reaches the repository of this id, which it is bound to, or will be when it is first used.
   */
  record Reached(long id) implements RepositoryState {}

  /** The repository that it is bound to goes by another name now. */
  record Renamed(long id, String now) implements RepositoryState {}

  /**
   * The repository that it is bound to is no longer there, or no longer selected.
   *
   * @param other that has the name now
   */
  record Lost(long id, Optional<Long> other) implements RepositoryState {}

  /** No token can be had for it: mistyped, not there, or not selected. */
  record Unreachable() implements RepositoryState {}
}
