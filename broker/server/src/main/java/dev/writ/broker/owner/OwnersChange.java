package dev.writ.broker.owner;

import dev.writ.policy.Principal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * One document on its way into a directory: gathers the next entries and everything that speaks
 * against them.
 */
final class OwnersChange {
  private final Owners before;
  private final Instant now;
  private final List<User> users = new ArrayList<>();
  private final List<Group> groups = new ArrayList<>();
  private final List<String> problems = new ArrayList<>();

  OwnersChange(Owners before, Instant now) {
    this.before = before;
    this.now = now;
  }

  void user(String name) {
    User old = before.users().get(name);
    users.add(old == null ? new User(name, 1) : old);
  }

  void group(GroupDefinition definition) {
    Group old = before.groups().get(definition.name());
    GroupEdit edit = old == null ? Group.created(definition, now) : old.edited(definition, now);
    switch (edit) {
      case GroupEdit.Edited(Group group) -> groups.add(group);
      case GroupEdit.Rejected(List<String> reasons) -> problems.addAll(reasons);
    }
  }

  /** The same without those overrides that would alter the past. */
  void following(GroupDefinition definition) {
    Group old = before.groups().get(definition.name());
    List<StandIn> known = old == null ? List.of() : old.standIns();
    List<Substitution> possible =
        definition.overrides().stream()
            .filter(one -> StandIns.problems("", known, List.of(one), now).isEmpty())
            .toList();
    group(
        new GroupDefinition(
            definition.name(), definition.members(), definition.rotation(), possible));
  }

  void kept(String group) {
    Group old = before.groups().get(group);
    if (old != null) {
      groups.add(old);
    }
  }

  OwnersEdit result() {
    refuseAbsentPeople();
    return problems.isEmpty() ? edited() : new OwnersEdit.Rejected(problems);
  }

  OwnersEdit.Edited edited() {
    Owners after = Owners.of(users, groups);
    return new OwnersEdit.Edited(after, after.changedSince(before), removed(after));
  }

  /**
   * A member's last turn lasts until the next hand-over, and until then somebody must be there to
   * answer.
   */
  private void refuseAbsentPeople() {
    Set<String> present = new HashSet<>(users.stream().map(User::name).toList());
    for (Group group : groups) {
      Set<String> absent = new LinkedHashSet<>(group.people(now).toList());
      absent.removeAll(present);
      absent.forEach(person ->
          problems.add(
              "group "
                  + group.name()
                  + ": "
                  + person
                  + " is in the rotation until the next hand-over and must stay among the users until then"));
    }
  }

  private Set<Principal> removed(Owners after) {
    Set<Principal> removed = new LinkedHashSet<>();
    before.users().keySet().stream()
        .filter(name -> !after.users().containsKey(name))
        .forEach(name -> removed.add(new Principal(Principal.Kind.USER, name)));
    before.groups().keySet().stream()
        .filter(name -> !after.groups().containsKey(name))
        .forEach(name -> removed.add(new Principal(Principal.Kind.GROUP, name)));
    return removed;
  }
}
