package dev.writ.keycloak;

import dev.writ.keycloak.page.ConsoleClient;
import java.util.Set;
import org.keycloak.Config;
import org.keycloak.events.Event;
import org.keycloak.events.EventListenerProvider;
import org.keycloak.events.EventListenerProviderFactory;
import org.keycloak.events.EventType;
import org.keycloak.events.admin.AdminEvent;
import org.keycloak.events.admin.OperationType;
import org.keycloak.events.admin.ResourceType;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.KeycloakSessionFactory;
import org.keycloak.models.RealmModel;

/**
 * Listens in every realm, whether or not it keeps events: administrators' and people's own changes
 * of users and groups are counted for the brokers, before they are committed and with them.
 */
public final class WritEvents implements EventListenerProviderFactory {
  private static final String ID = "writ";

  private static final Set<EventType> OWN_CHANGES =
      Set.of(
          EventType.REGISTER,
          EventType.DELETE_ACCOUNT,
          EventType.UPDATE_PROFILE,
          EventType.IDENTITY_PROVIDER_FIRST_LOGIN,
          EventType.USER_DISABLED_BY_PERMANENT_LOCKOUT);

  private static final Set<ResourceType> OWNERS =
      Set.of(
          ResourceType.USER,
          ResourceType.GROUP,
          ResourceType.GROUP_MEMBERSHIP,
          ResourceType.USER_FEDERATION_PROVIDER);

  @Override
  public EventListenerProvider create(KeycloakSession session) {
    return new Listener(session);
  }

  private record Listener(KeycloakSession session) implements EventListenerProvider {
    @Override
    public void onEvent(Event event) {
      if (OWN_CHANGES.contains(event.getType()) && event.getError() == null) {
        count(event.getRealmId());
      }
    }

    @Override
    public void onEvent(AdminEvent event, boolean includeRepresentation) {
      if (event.getError() != null || event.getResourceType() == null) {
        return;
      }
      if (isOfOwners(event)) {
        count(event.getRealmId());
      } else if (event.getResourceType() == ResourceType.REALM
          && event.getOperationType() == OperationType.UPDATE) {
        ConsoleClient.ensure(realm(event.getRealmId()));
      }
    }

    /** What a partial import changes is the realm by its type; its path says what it was. */
    private static boolean isOfOwners(AdminEvent event) {
      String path = String.valueOf(event.getResourcePath());
      return event.getResourceType() == ResourceType.REALM
          ? path.startsWith("users/") || path.startsWith("groups/")
          : OWNERS.contains(event.getResourceType());
    }

    /** Keycloak only logs what a listener throws; a change that is not counted must not be. */
    private void count(String realmId) {
      try {
        RealmLife.ownersChanged(session, realm(realmId));
      } catch (RuntimeException e) {
        session.getTransactionManager().setRollbackOnly();
        throw e;
      }
    }

    private RealmModel realm(String id) {
      return session.realms().getRealm(id);
    }

    @Override
    public void close() {}
  }

  @Override
  public boolean isGlobal() {
    return true;
  }

  @Override
  public String getId() {
    return ID;
  }

  @Override
  public void init(Config.Scope config) {}

  @Override
  public void postInit(KeycloakSessionFactory factory) {
    factory.register(new RealmLife());
  }

  @Override
  public void close() {}
}
