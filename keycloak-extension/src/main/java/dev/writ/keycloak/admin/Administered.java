package dev.writ.keycloak.admin;

import dev.writ.keycloak.http.Answers;
import dev.writ.keycloak.store.Edit;
import dev.writ.keycloak.store.PolicyStore;
import dev.writ.policy.Bounds;
import jakarta.ws.rs.core.Response;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.keycloak.events.admin.OperationType;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserModel;
import org.keycloak.services.resources.admin.AdminAuth;
import org.keycloak.services.resources.admin.AdminEventBuilder;
import org.keycloak.services.resources.admin.fgap.AdminPermissionEvaluator;

/**
 * The realm that a request administers, and who sends it. The roles are Keycloak's own: one of ours
 * could be given to himself by anybody who manages users.
 */
record Administered(
    KeycloakSession session,
    RealmModel realm,
    AdminPermissionEvaluator auth,
    AdminEventBuilder events,
    Bounds bounds) {

  /** The refusal of those who may not read. */
  Optional<Response> unlessReader() {
    return auth.realm().canViewRealm()
        ? Optional.empty()
        : Optional.of(Answers.forbidden("Reading this takes the role view-realm."));
  }

  /** The refusal of those who may not change anything. */
  Optional<Response> unlessWriter() {
    return auth.realm().canManageRealm()
        ? Optional.empty()
        : Optional.of(Answers.forbidden("Changing this takes the role manage-realm."));
  }

  PolicyStore policies() {
    return PolicyStore.of(session, realm);
  }

  Edit edit(String comment) {
    return new Edit(author(), Instant.now(), comment);
  }

  /** {@code user:ada}, {@code client:orchestrator}; {@code master/user:admin} from that realm. */
  private String author() {
    AdminAuth admin = auth.adminAuth();
    UserModel user = admin.getUser();
    String name =
        user.getServiceAccountClientLink() == null
            ? "user:" + user.getUsername()
            : "client:" + admin.getClient().getClientId();
    return admin.getRealm().getId().equals(realm.getId())
        ? name
        : admin.getRealm().getName() + "/" + name;
  }

  /** Tells Keycloak's event listeners, and its store of admin events where that is switched on. */
  void record(OperationType operation, String type, Map<String, Object> representation) {
    events
        .resource(type)
        .operation(operation)
        .resourcePath(session.getContext().getUri())
        .representation(representation)
        .success();
  }
}
