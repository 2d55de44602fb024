package dev.writ.keycloak;

import dev.writ.document.Durations;
import dev.writ.keycloak.page.PageResource;
import dev.writ.keycloak.source.Drift;
import org.keycloak.Config;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.KeycloakSessionFactory;
import org.keycloak.services.resource.RealmResourceProvider;
import org.keycloak.services.resource.RealmResourceProviderFactory;

/**
 * {@code /realms/{realm}/writ/}: what brokers read, and the page for administrators. How often a
 * node compares users and groups with what they were is the option {@code
 * spi-realm-restapi-extension--writ--owners-compared-every}.
 */
public final class WritRealm implements RealmResourceProviderFactory {
  private static final String ID = "writ";
  private static final String EVERY = "owners-compared-every";

  private Drift drift = new Drift(Drift.USUALLY);

  @Override
  public RealmResourceProvider create(KeycloakSession session) {
    return new Provider(session, drift);
  }

  private record Provider(KeycloakSession session, Drift drift) implements RealmResourceProvider {
    @Override
    public Object getResource() {
      return new PageResource(session, drift);
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
    String every = config.get(EVERY, Durations.print(Drift.USUALLY));
    drift =
        new Drift(
            Durations.parse(every)
                .orElseThrow(() ->
                    new IllegalArgumentException(
                        EVERY + ": expected a duration such as 30s or 5m, got " + every)));
  }

  @Override
  public void postInit(KeycloakSessionFactory factory) {}

  @Override
  public void close() {}
}
