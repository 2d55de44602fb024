package dev.writ.broker.owner;

import java.util.List;

/**
 * A group as its administrator writes it.
 *
 * @param members at least one, each once, in the order of their turns
 * @param overrides none overlaps another; in the order of time
 */
public record GroupDefinition(
    String name, List<String> members, Rotation rotation, List<Substitution> overrides) {
  static final int MEMBERS_MAX = 100;
  static final int OVERRIDES_MAX = 1000;

  public GroupDefinition {
    members = List.copyOf(members);
    overrides = List.copyOf(overrides);
    if (members.isEmpty()) {
      throw new IllegalArgumentException("a group has at least one member");
    }
  }
}
