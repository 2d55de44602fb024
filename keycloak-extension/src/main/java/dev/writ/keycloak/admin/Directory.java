package dev.writ.keycloak.admin;

import dev.writ.policy.Principal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.keycloak.models.GroupModel;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserModel;
import org.keycloak.services.resources.admin.fgap.AdminPermissionEvaluator;
import org.keycloak.storage.UserStoragePrivateUtil;

/**
 * The realm's groups and users as far as the caller may see them: by name only, and only those that
 * a policy can name. Users are those whom the realm knows already; no LDAP server is asked at every
 * letter that somebody types.
 */
final class Directory {
  /** What is looked at for one answer, found by name, before it is asked who may see it. */
  private static final int FOUND_MAX = 200;

  private final KeycloakSession session;
  private final RealmModel realm;
  private final AdminPermissionEvaluator caller;

  private Directory(KeycloakSession session, RealmModel realm, AdminPermissionEvaluator caller) {
    this.session = session;
    this.realm = realm;
    this.caller = caller;
  }

  static Directory of(Administered administered) {
    return new Directory(
        administered.session(), administered.realm(), PersonsRights.of(administered));
  }

  /** Whether the caller may ask for groups at all. */
  boolean showsGroups() {
    return caller.groups().canList();
  }

  /** Whether the caller may ask for users at all. */
  boolean showsUsers() {
    return caller.users().canQuery();
  }

  /**
   * Paths without the leading slash, in their order. After the last slash of what is searched for
   * comes a part of the group's own name; the whole is a part of its path.
   */
  List<String> groups(String search, int max) {
    TreeMap<String, GroupModel> found = new TreeMap<>();
    String name = search.substring(search.lastIndexOf('/') + 1);
    try (Stream<GroupModel> groups =
        session.groups().searchForGroupByNameStream(realm, name, false, 0, FOUND_MAX)) {
      groups.forEach(group ->
          path(group)
              .filter(path -> contains(path, search))
              .ifPresent(path -> found.put(path, group)));
    }
    return found.entrySet().stream()
        .filter(group -> caller.groups().canView(group.getValue()))
        .map(Map.Entry::getKey)
        .limit(max)
        .toList();
  }

  /** Empty for a group that no policy can name. */
  private static Optional<String> path(GroupModel group) {
    List<String> names = new ArrayList<>();
    for (GroupModel at = group; at != null; at = at.getParent()) {
      names.add(0, at.getName());
    }
    return names.stream().anyMatch(name -> name.contains("/"))
        ? Optional.empty()
        : Optional.of(String.join("/", names))
            .filter(path -> Principal.of("group:" + path).isPresent());
  }

  /** Names of enabled people, in their order. */
  List<String> users(String search, int max) {
    Map<String, String> wanted =
        Map.of(
            UserModel.USERNAME, search,
            UserModel.ENABLED, "true",
            UserModel.INCLUDE_SERVICE_ACCOUNT, "false");
    try (Stream<UserModel> users =
        UserStoragePrivateUtil.userLocalStorage(session)
            .searchForUserStream(realm, wanted, 0, FOUND_MAX)) {
      return users
          .filter(user -> contains(user.getUsername(), search))
          .filter(user -> Principal.of("user:" + user.getUsername()).isPresent())
          .filter(user -> caller.users().canView(user))
          .map(UserModel::getUsername)
          .limit(max)
          .toList();
    }
  }

  private static boolean contains(String name, String search) {
    return name.toLowerCase(Locale.ROOT).contains(search.toLowerCase(Locale.ROOT));
  }
}
