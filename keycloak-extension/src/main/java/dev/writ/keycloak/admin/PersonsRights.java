package dev.writ.keycloak.admin;

import dev.writ.keycloak.page.ConsoleClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import org.keycloak.models.AdminRoles;
import org.keycloak.models.ClientModel;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.RoleModel;
import org.keycloak.representations.AccessToken;
import org.keycloak.services.managers.RealmManager;
import org.keycloak.services.resources.admin.AdminAuth;
import org.keycloak.services.resources.admin.fgap.AdminPermissionEvaluator;
import org.keycloak.services.resources.admin.fgap.AdminPermissions;
import org.keycloak.util.JsonSerialization;

/**
 * What the caller may see of the realm's people. The page's tokens carry hardly any roles, so that
 * one that is lost is worth no more than the page; what the page shows is up to the person's own
 * roles. A token of any other client shows no more than that client was meant to see.
 */
final class PersonsRights {
  /** Those by which Keycloak decides on it. */
  private static final List<String> ROLES =
      List.of(
          AdminRoles.VIEW_USERS,
          AdminRoles.MANAGE_USERS,
          AdminRoles.QUERY_USERS,
          AdminRoles.QUERY_GROUPS);

  private PersonsRights() {}

  static AdminPermissionEvaluator of(Administered administered) {
    AdminAuth admin = administered.auth().adminAuth();
    if (!admin.getClient().getClientId().equals(ConsoleClient.ID)) {
      return administered.auth();
    }
    KeycloakSession session = administered.session();
    RealmModel realm = administered.realm();
    AccessToken token = copy(admin.getToken());
    ClientModel management = management(session, realm, admin.getRealm());
    for (String name : ROLES) {
      RoleModel role = management.getRole(name);
      if (role != null && admin.getUser().hasRole(role)) {
        token.addAccess(management.getClientId()).addRole(name);
      }
    }
    return AdminPermissions.evaluator(
        session, realm, new AdminAuth(admin.getRealm(), token, admin.getUser(), admin.getClient()));
  }

  /** The client whose roles administer the realm, for administrators of that realm or of master. */
  private static ClientModel management(
      KeycloakSession session, RealmModel realm, RealmModel adminsRealm) {
    return RealmManager.isAdministrationRealm(adminsRealm)
        ? realm.getMasterAdminClient()
        : realm.getClientByClientId(new RealmManager(session).getRealmAdminClientId(realm));
  }

  /** One for this question only: everything else is judged by what the token really carries. */
  private static AccessToken copy(AccessToken token) {
    try {
      return JsonSerialization.readValue(
          JsonSerialization.writeValueAsBytes(token), AccessToken.class);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
