package dev.writ.broker.owner;

import dev.writ.policy.Principal;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * All users and groups at one moment. Immutable; {@link #edited} makes the next directory from a
 * new document.
 */
public final class Owners {
  private static final Owners EMPTY = new Owners(List.of(), List.of());

  private final SortedMap<String, User> users = new TreeMap<>();
  private final SortedMap<String, Group> groups = new TreeMap<>();

  private Owners(Iterable<User> users, Iterable<Group> groups) {
    users.forEach(user -> this.users.put(user.name(), user));
    groups.forEach(group -> this.groups.put(group.name(), group));
  }

  /** The directory before its first document. */
  public static Owners empty() {
    return EMPTY;
  }

  /** The directory as it was stored, entry by entry. */
  public static Owners of(Iterable<User> users, Iterable<Group> groups) {
    return new Owners(users, groups);
  }

  /**
   * Who answers for an agent of this owner at an instant. A user always answers for their own; a
   * client, and whoever is not in the directory, cannot own anything.
   */
  public Duty accountable(Principal owner, Instant instant) {
    return switch (owner.kind()) {
      case USER ->
          users.containsKey(owner.name())
              ? new Duty.Accountable(owner.name(), Duty.BEGINNING, Duty.END)
              : unknown(owner);
      case GROUP -> {
        Group group = groups.get(owner.name());
        yield group == null ? unknown(owner) : group.duty(instant);
      }
      case CLIENT -> new Duty.Nobody(owner + " is a workload; an owner is a user or a group");
    };
  }

  private static Duty unknown(Principal owner) {
    return new Duty.Nobody("there is no owner " + owner);
  }

  /** Whether an owner of this name is in the directory. */
  public boolean contains(Principal owner) {
    return switch (owner.kind()) {
      case USER -> users.containsKey(owner.name());
      case GROUP -> groups.containsKey(owner.name());
      case CLIENT -> false;
    };
  }

  /** Whether the user is in the group's rotation as last written. */
  public boolean isMember(String user, String group) {
    Group found = groups.get(group);
    return found != null && found.members().contains(user);
  }

  /** The names of all groups that the user is a member of. */
  public Set<String> groupsOf(String user) {
    return groups.values().stream()
        .filter(group -> group.members().contains(user))
        .map(Group::name)
        .collect(Collectors.toUnmodifiableSet());
  }

  /** By name. */
  public Map<String, User> users() {
    return Collections.unmodifiableSortedMap(users);
  }

  /** By name. */
  public Map<String, Group> groups() {
    return Collections.unmodifiableSortedMap(groups);
  }

  /**
   * The directory that a whole new document makes of this one: what it does not name is removed.
   *
   * @param now since when it counts; never earlier than at the edit before
   */
  public OwnersEdit edited(OwnersDefinition definition, Instant now) {
    OwnersChange change = new OwnersChange(this, now);
    definition.groups().forEach(change::group);
    definition.users().forEach(change::user);
    return change.result();
  }

  /**
   * The directory that a whole document of a realm makes of this one. Accounts end there at any
   * time, also those of people whose turn it is; nobody answers then until somebody stands in or
   * takes over. What cannot be: an override that is over before it was first heard of.
   *
   * @param kept names of groups that stay as they are
   */
  public OwnersEdit.Edited followed(OwnersDefinition definition, Set<String> kept, Instant now) {
    OwnersChange change = new OwnersChange(this, now);
    definition.groups().forEach(change::following);
    kept.forEach(change::kept);
    definition.users().forEach(change::user);
    return change.edited();
  }

  /** The entries that are new or another version than in {@code before}. */
  Set<Principal> changedSince(Owners before) {
    Set<Principal> changed = new LinkedHashSet<>();
    users.forEach((name, user) -> {
      if (!Objects.equals(before.users.get(name), user)) {
        changed.add(new Principal(Principal.Kind.USER, name));
      }
    });
    groups.forEach((name, group) -> {
      if (!Objects.equals(before.groups.get(name), group)) {
        changed.add(new Principal(Principal.Kind.GROUP, name));
      }
    });
    return changed;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Owners owners
        && users.equals(owners.users)
        && groups.equals(owners.groups);
  }

  @Override
  public int hashCode() {
    return users.hashCode() * 31 + groups.hashCode();
  }

  @Override
  public String toString() {
    return users.size() + " users, " + groups.size() + " groups";
  }
}
