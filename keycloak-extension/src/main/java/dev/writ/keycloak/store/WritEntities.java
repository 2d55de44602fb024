package dev.writ.keycloak.store;

import java.util.List;
import org.keycloak.Config;
import org.keycloak.connections.jpa.entityprovider.JpaEntityProvider;
import org.keycloak.connections.jpa.entityprovider.JpaEntityProviderFactory;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.KeycloakSessionFactory;

/** Our tables, in Keycloak's persistence unit. */
public final class WritEntities implements JpaEntityProviderFactory {
  private static final String ID = "writ";

  @Override
  public JpaEntityProvider create(KeycloakSession session) {
    return new Entities();
  }

  private static final class Entities implements JpaEntityProvider {
    @Override
    public List<Class<?>> getEntities() {
      return List.of(
          CounterEntity.class, PolicyEntity.class, VersionEntity.class, SettingsEntity.class);
    }

    @Override
    public String getChangelogLocation() {
      return "META-INF/writ-changelog.xml";
    }

    @Override
    public String getFactoryId() {
      return ID;
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
