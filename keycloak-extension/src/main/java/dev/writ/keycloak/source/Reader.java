package dev.writ.keycloak.source;

import dev.writ.keycloak.http.Answers;
import dev.writ.keycloak.store.Settings;
import jakarta.ws.rs.core.Response;
import java.util.Optional;
import org.keycloak.models.ClientModel;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserModel;
import org.keycloak.services.managers.AppAuthManager;
import org.keycloak.services.managers.AuthenticationManager.AuthResult;
import org.keycloak.services.resources.admin.AdminAuth;
import org.keycloak.services.resources.admin.fgap.AdminPermissionEvaluator;
import org.keycloak.services.resources.admin.fgap.AdminPermissions;

/** Who may read the source: the realm's broker, and who may see realm and users anyway. */
final class Reader {
  private Reader() {}

  /** The refusal of everybody else. */
  static Optional<Response> refusal(KeycloakSession session, RealmModel realm) {
    AuthResult caller = new AppAuthManager.BearerTokenAuthenticator(session).authenticate();
    if (caller == null) {
      return Optional.of(
          Response.fromResponse(
                  Answers.problem(
                      401, "unauthorized", "Send an access token of this realm as bearer token."))
              .header("WWW-Authenticate", "Bearer")
              .build());
    }
    return isBroker(session, realm, caller) || maySee(session, realm, caller)
        ? Optional.empty()
        : Optional.of(
            Answers.forbidden(
                "This is for the service account of the client that the realm's settings name as broker_client, and for those with the roles view-realm and view-users."));
  }

  private static boolean isBroker(KeycloakSession session, RealmModel realm, AuthResult caller) {
    ClientModel client = caller.client();
    UserModel user = caller.user();
    return client.getClientId().equals(Settings.of(session, realm).brokerClient())
        && client.getId().equals(user.getServiceAccountClientLink());
  }

  private static boolean maySee(KeycloakSession session, RealmModel realm, AuthResult caller) {
    AdminPermissionEvaluator auth =
        AdminPermissions.evaluator(
            session, realm, new AdminAuth(realm, caller.token(), caller.user(), caller.client()));
    return auth.realm().canViewRealm() && auth.users().canView();
  }
}
