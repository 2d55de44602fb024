package dev.writ.keycloak.source;

import dev.writ.policy.Principal;
import jakarta.persistence.EntityManager;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.keycloak.connections.jpa.JpaConnectionProvider;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;

/**
 * A realm's users and groups as owners of agents. They are read from the database in four queries,
 * past Keycloak's caches: another node's cache may be a moment behind the number that is read with
 * them.
 */
final class Owners {
  /** Of a group that has turns; what the broker takes. */
  private static final int MEMBERS_MAX = 100;

  private final EntityManager database;
  private final RealmModel realm;
  private final List<Map<String, Object>> problems = new ArrayList<>();

  private Owners(EntityManager database, RealmModel realm) {
    this.database = database;
    this.realm = realm;
  }

  static Owners of(KeycloakSession session, RealmModel realm) {
    return new Owners(session.getProvider(JpaConnectionProvider.class).getEntityManager(), realm);
  }

  /** All of them, as {@code writ owner apply} takes them. */
  Map<String, Object> document(long version) {
    TreeSet<String> users = users();
    List<Map<String, Object>> groups = groups(users);
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("realm", realm.getName());
    document.put("version", version);
    document.put("users", users);
    document.put("groups", groups);
    document.put("problems", problems);
    return document;
  }

  /** Enabled people with names that Writ can write. */
  private TreeSet<String> users() {
    TreeSet<String> users = new TreeSet<>();
    for (String name :
        query(
            "select u.username from UserEntity u where u.realmId = :realm and u.enabled = true"
                + " and u.serviceAccountClientLink is null order by u.username",
            String.class)) {
      if (Principal.of("user:" + name).isPresent()) {
        users.add(name);
      } else {
        problem(
            "user",
            name,
            "Writ cannot write this name: it takes visible characters and single spaces");
      }
    }
    return users;
  }

  private List<Map<String, Object>> groups(TreeSet<String> users) {
    Map<String, List<String>> members =
        grouped(
            "select m.groupId, m.user.username from UserGroupMembershipEntity m"
                + " where m.user.realmId = :realm");
    Map<String, List<GroupAttribute>> attributes = attributes();
    List<Map<String, Object>> groups = new ArrayList<>();
    paths()
        .forEach((path, id) -> {
          List<String> present =
              members.getOrDefault(id, List.of()).stream()
                  .filter(users::contains)
                  .sorted()
                  .toList();
          group(path, present, attributes.getOrDefault(id, List.of()), users)
              .ifPresent(groups::add);
        });
    return groups;
  }

  private Optional<Map<String, Object>> group(
      String path, List<String> members, List<GroupAttribute> attributes, TreeSet<String> users) {
    if (members.isEmpty()) {
      return Optional.empty();
    }
    if (members.size() > MEMBERS_MAX) {
      problem("group", path, "it has more than " + MEMBERS_MAX + " members, who cannot take turns");
      return Optional.empty();
    }
    List<String> complaints = new ArrayList<>();
    Duty duty = new Duty(attributes, users, complaints);
    List<String> ordered = duty.ordered(members);
    Optional<Rotation> rotation = duty.rotation();
    List<Map<String, Object>> overrides =
        rotation.map(known -> duty.overrides(known.zone())).orElse(List.of());
    complaints.forEach(complaint -> problem("group", path, complaint));
    return rotation.map(known -> {
      Map<String, Object> group = new LinkedHashMap<>();
      group.put("name", path);
      group.put("members", ordered);
      group.put("rotation", known.view());
      group.put("overrides", overrides);
      return group;
    });
  }

  /** An attribute of a group, one of perhaps several of its name. */
  record GroupAttribute(String name, String value) {}

  private Map<String, List<GroupAttribute>> attributes() {
    Map<String, List<GroupAttribute>> attributes = new HashMap<>();
    for (Object[] row :
        query(
            "select a.group.id, a.name, a.value from GroupAttributeEntity a"
                + " where a.group.realm = :realm and a.name like 'writ.%' order by a.name, a.value",
            Object[].class)) {
      attributes
          .computeIfAbsent((String) row[0], id -> new ArrayList<>())
          .add(new GroupAttribute((String) row[1], row[2] == null ? "" : (String) row[2]));
    }
    return attributes;
  }

  private record Group(String name, String parent) {}

  /** Ids by path without the leading slash, in the order of the paths. */
  private TreeMap<String, String> paths() {
    Map<String, Group> groups = new LinkedHashMap<>();
    for (Object[] row :
        query(
            "select g.id, g.name, g.parentId from GroupEntity g"
                + " where g.realm = :realm and g.type = 0 order by g.id",
            Object[].class)) {
      groups.put((String) row[0], new Group((String) row[1], String.valueOf(row[2])));
    }
    TreeMap<String, String> paths = new TreeMap<>();
    for (String id : groups.keySet()) {
      List<String> names = names(id, groups);
      String path = String.join("/", names);
      if (names.stream().anyMatch(name -> name.contains("/"))) {
        problem("group", path, "a name with a slash in it reads like a path: rename the group");
      } else if (Principal.of("group:" + path).isEmpty()) {
        problem(
            "group",
            path,
            "Writ cannot write this path: it takes visible characters and single spaces, 255 at most");
      } else {
        paths.put(path, id);
      }
    }
    return paths;
  }

  /** From the top down. A group above which there is a circle does not occur; it would end here. */
  private static List<String> names(String id, Map<String, Group> groups) {
    List<String> names = new ArrayList<>();
    for (Group group = groups.get(id);
        group != null && names.size() <= groups.size();
        group = groups.get(group.parent())) {
      names.add(0, group.name());
    }
    return names;
  }

  private Map<String, List<String>> grouped(String hql) {
    Map<String, List<String>> grouped = new HashMap<>();
    for (Object[] row : query(hql, Object[].class)) {
      grouped.computeIfAbsent((String) row[0], id -> new ArrayList<>()).add((String) row[1]);
    }
    return grouped;
  }

  private <T> List<T> query(String hql, Class<T> type) {
    return database.createQuery(hql, type).setParameter("realm", realm.getId()).getResultList();
  }

  private void problem(String kind, String name, String text) {
    Map<String, Object> problem = new LinkedHashMap<>();
    problem.put(kind, name);
    problem.put("problem", text);
    problems.add(problem);
  }
}
