package dev.writ.broker.owner;

import java.util.List;
import java.util.Set;

/** All users and groups as their administrator writes them; a whole, consistent document. */
public record OwnersDefinition(Set<String> users, List<GroupDefinition> groups) {
  static final int USERS_MAX = 100_000;
  static final int GROUPS_MAX = 10_000;

  public OwnersDefinition {
    users = Set.copyOf(users);
    groups = List.copyOf(groups);
  }
}
