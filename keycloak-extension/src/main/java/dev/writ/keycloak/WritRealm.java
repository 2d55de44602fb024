package dev.writ.keycloak;

import dev.writ.keycloak.page.PageResource;
import org.keycloak.Config;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.KeycloakSessionFactory;
import org.keycloak.services.resource.RealmResourceProvider;
import org.keycloak.services.resource.RealmResourceProviderFactory;

/** {@code /realms/{realm}/writ/}: what brokers read, and the page for administrators. */
public final class WritRealm implements RealmResourceProviderFactory {
  private static final String ID = "writ";

  @Override
  public RealmResourceProvider create(KeycloakSession session) {
    return new Provider(session);
  }

  private record Provider(KeycloakSession session) implements RealmResourceProvider {
    @Override
    public Object getResource() {
      return new PageResource(session);
    }

    @Override
    public void close() {}
  }

  @Override
  public String getId() {
    return ID;
  }

  @Override
  public void init(Config.Scope config) {}

  @Override
  public void postInit(KeycloakSessionFactory factory) {}

  @Override
  public void close() {}
}
