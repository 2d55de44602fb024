package dev.writ.keycloak.admin;

import dev.writ.document.Durations;
import dev.writ.policy.Bounds;
import java.time.Duration;
import java.util.Set;
import org.keycloak.Config;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.KeycloakSessionFactory;
import org.keycloak.models.RealmModel;
import org.keycloak.services.resources.admin.AdminEventBuilder;
import org.keycloak.services.resources.admin.ext.AdminRealmResourceProvider;
import org.keycloak.services.resources.admin.ext.AdminRealmResourceProviderFactory;
import org.keycloak.services.resources.admin.fgap.AdminPermissionEvaluator;

/**
 * {@code /admin/realms/{realm}/writ/}. The longest lifetimes that a policy may have are options of
 * this provider ({@code spi-admin-realm-restapi-extension--writ--agent-lifetime}, {@code
 * …--credential-lifetime}), to be set when the brokers' own limits are not the usual ones.
 */
public final class WritAdmin implements AdminRealmResourceProviderFactory {
  private static final String ID = "writ";

  private Bounds bounds = Bounds.DEFAULT;

  @Override
  public AdminRealmResourceProvider create(KeycloakSession session) {
    return new Provider(bounds);
  }

  private record Provider(Bounds bounds) implements AdminRealmResourceProvider {
    @Override
    public Object getResource(
        KeycloakSession session,
        RealmModel realm,
        AdminPermissionEvaluator auth,
        AdminEventBuilder events) {
      return new AdminResource(new Administered(session, realm, auth, events, bounds));
    }

    @Override
    public void close() {}
  }

  @Override
  public String getId() {
    return ID;
  }

  @Override
  public void init(Config.Scope config) {
    bounds =
        new Bounds(
            lifetime(config, "agent-lifetime", Bounds.DEFAULT.agentLifetimeMax()),
            lifetime(config, "credential-lifetime", Bounds.DEFAULT.credentialLifetimeMax()),
            Set.of());
  }

  private static Duration lifetime(Config.Scope config, String key, Duration usual) {
    String text = config.get(key, Durations.print(usual));
    return Durations.parse(text)
        .orElseThrow(() ->
            new IllegalArgumentException(
                key + ": expected a duration such as 12h, 90m or 7d, got " + text));
  }

  @Override
  public void postInit(KeycloakSessionFactory factory) {}

  @Override
  public void close() {}
}
