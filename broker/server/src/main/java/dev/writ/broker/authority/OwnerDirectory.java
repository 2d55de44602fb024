package dev.writ.broker.authority;

import java.time.Instant;

/** The users and groups that can answer for agents, as one snapshot knows them. */
public interface OwnerDirectory {

  /**
   * Who answers for an owner's agents: somebody who is on duty and not removed.
   *
   * @param owner {@code user:…} or {@code group:…}
   */
  OnDuty onDuty(String owner, Instant at);

  /** Whose turn it was, also if they were removed since. */
  OnDuty wasOnDuty(String owner, Instant at);

  /** Whether the owner is known and not removed. */
  boolean lives(String owner);

  /** Whether a user that was known is removed: it may launch and answer for nothing any more. */
  boolean removed(String owner);

  /** Whether nobody was ever known. */
  boolean isEmpty();

  /** Whether a user is in a group, both by bare name. */
  boolean isMember(String user, String group);
}
