package dev.writ.broker.authority;

import dev.writ.broker.owner.Duty;
import dev.writ.broker.owner.Group;
import dev.writ.broker.owner.GroupJson;
import dev.writ.broker.owner.Owners;
import dev.writ.broker.owner.User;
import dev.writ.document.Json;
import dev.writ.policy.Principal;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The owners as the table {@code owner} has them; a removed user is remembered as removed. */
final class StoredOwners implements OwnerDirectory {
  private static final String USER = "user:";
  private static final String GROUP = "group:";

  private final Owners owners;
  private final Set<String> removed;

  /**
   * Each owner's duty as it was last found: it holds until it ends, and these owners never change.
   */
  private final Map<String, OnDuty.Person> found = new ConcurrentHashMap<>();

  private StoredOwners(Owners owners, Set<String> removed) {
    this.owners = owners;
    this.removed = removed;
  }

  /** The directory that changed rows make of an earlier one. */
  static OwnerDirectory read(
      Optional<OwnerDirectory> before, Map<String, String> definitions, Set<String> gone) {
    StoredOwners earlier =
        before
            .map(StoredOwners.class::cast)
            .orElseGet(() -> new StoredOwners(Owners.empty(), Set.of()));
    Map<String, User> users = new HashMap<>(earlier.owners.users());
    Map<String, Group> groups = new HashMap<>(earlier.owners.groups());
    Set<String> removed = new HashSet<>(earlier.removed);
    definitions.forEach((name, definition) -> {
      boolean lives = !gone.contains(name);
      if (name.startsWith(GROUP)) {
        put(groups, name.substring(GROUP.length()), lives, () -> GroupJson.read(definition));
      } else {
        String user = name.substring(USER.length());
        put(users, user, lives, () -> new User(user, 1));
      }
      if (lives) {
        removed.remove(name);
      } else {
        removed.add(name);
      }
    });
    return new StoredOwners(Owners.of(users.values(), groups.values()), Set.copyOf(removed));
  }

  private static <T> void put(
      Map<String, T> entries, String name, boolean lives, java.util.function.Supplier<T> entry) {
    if (lives) {
      entries.put(name, entry.get());
    } else {
      entries.remove(name);
    }
  }

  /** What is stored of an entry. */
  static String definition(Owners owners, Principal entry) {
    Group group = owners.groups().get(entry.name());
    return entry.kind() == Principal.Kind.GROUP && group != null
        ? GroupJson.write(group)
        : Json.write(Map.of("version", 1));
  }

  Owners owners() {
    return owners;
  }

  @Override
  public OnDuty onDuty(String owner, Instant at) {
    OnDuty.Person last = found.get(owner);
    if (last != null && !at.isBefore(last.from()) && at.isBefore(last.until())) {
      return last;
    }
    OnDuty now = wasOnDuty(owner, at);
    if (now instanceof OnDuty.Person person) {
      if (!owners.users().containsKey(person.name())) {
        return new OnDuty.Nobody(
            person.principal()
                + ", whose turn it is in "
                + owner
                + " until "
                + person.until()
                + ", is disabled; somebody has to stand in for them");
      }
      found.put(owner, person);
    }
    return now;
  }

  @Override
  public OnDuty wasOnDuty(String owner, Instant at) {
    Optional<Principal> principal = Principal.of(owner);
    if (principal.isEmpty()) {
      return new OnDuty.Nobody(owner + " is not an owner");
    }
    return switch (owners.accountable(principal.get(), at)) {
      case Duty.Accountable(String person, Instant from, Instant until) ->
          new OnDuty.Person(person, from, until);
      case Duty.Nobody(String reason) -> new OnDuty.Nobody(reason);
    };
  }

  @Override
  public boolean lives(String owner) {
    return Principal.of(owner).map(owners::contains).orElse(false);
  }

  @Override
  public boolean removed(String owner) {
    return removed.contains(owner);
  }

  @Override
  public boolean isEmpty() {
    return owners.users().isEmpty() && owners.groups().isEmpty() && removed.isEmpty();
  }

  @Override
  public boolean isMember(String user, String group) {
    return owners.isMember(user, group);
  }
}
