package dev.writ.keycloak;

import dev.writ.keycloak.broker.Push;
import dev.writ.keycloak.page.ConsoleClient;
import dev.writ.keycloak.store.Counter;
import dev.writ.keycloak.store.Counters;
import dev.writ.keycloak.transfer.Luggage;
import java.util.Comparator;
import java.util.List;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.keycloak.models.AbstractKeycloakTransaction;
import org.keycloak.models.GroupModel;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.KeycloakSessionFactory;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserModel;
import org.keycloak.models.utils.KeycloakModelUtils;
import org.keycloak.models.utils.PostMigrationEvent;
import org.keycloak.provider.ProviderEvent;
import org.keycloak.provider.ProviderEventListener;
import org.keycloak.services.managers.RealmManager;

/**
 * What happens to realms: a new one gets counters and the page's client, and what an import brought
 * along is taken into the tables; one that was there before us gets the same at start.
 */
final class RealmLife implements ProviderEventListener {
  private static final Logger LOG = Logger.getLogger(RealmLife.class);
  private static final String COUNTED = "dev.writ.owners.";

  @Override
  public void onEvent(ProviderEvent event) {
    if (event instanceof RealmModel.RealmPostCreateEvent created) {
      created(created.getKeycloakSession(), created.getCreatedRealm());
    } else if (event instanceof PostMigrationEvent migrated) {
      started(migrated.getFactory());
    } else if (event instanceof GroupModel.GroupEvent group) {
      ownersChanged(group.getKeycloakSession(), group.getRealm());
    } else if (event instanceof UserModel.UserRemovedEvent removed) {
      ownersChanged(removed.getKeycloakSession(), removed.getRealm());
    }
  }

  private static void created(KeycloakSession session, RealmModel realm) {
    Counters.of(session, realm).begin();
    Luggage.unpack(session, realm);
    ConsoleClient.ensure(realm);
    ConsoleClient.open(session, realm);
  }

  private static void started(KeycloakSessionFactory factory) {
    for (String id : KeycloakModelUtils.runJobInTransactionWithResult(factory, RealmLife::realms)) {
      try {
        KeycloakModelUtils.runJobInTransaction(factory, session -> settle(session, id));
      } catch (RuntimeException e) {
        LOG.warnf(e, "The realm %s could not be prepared for Writ; another node may be at it", id);
      }
    }
  }

  /** The administration realm first: its client administers the others. */
  private static List<String> realms(KeycloakSession session) {
    return session
        .realms()
        .getRealmsStream()
        .sorted(Comparator.comparing(realm -> !RealmManager.isAdministrationRealm(realm)))
        .map(RealmModel::getId)
        .toList();
  }

  private static void settle(KeycloakSession session, String id) {
    RealmModel realm = session.realms().getRealm(id);
    session.getContext().setRealm(realm);
    Counters.of(session, realm).begin();
    ConsoleClient.ensure(realm);
    ConsoleClient.open(session, realm);
  }

  /**
   * Counts a change of users, groups or memberships, once per transaction and in it: who sees the
   * new number sees the change. It is counted last of all, so that a long transaction, such as an
   * import of users, does not keep others waiting for the number.
   */
  static void ownersChanged(KeycloakSession session, @Nullable RealmModel realm) {
    if (realm == null || session.getAttribute(COUNTED + realm.getId()) != null) {
      return;
    }
    session.setAttribute(COUNTED + realm.getId(), Boolean.TRUE);
    Counters counters = Counters.of(session, realm);
    session
        .getTransactionManager()
        .enlistPrepare(
            new AbstractKeycloakTransaction() {
              @Override
              protected void commitImpl() {
                counters.next(Counter.OWNERS);
              }

              @Override
              protected void rollbackImpl() {
                // Nothing has changed.
              }
            });
    Push.afterCommit(session, realm);
  }
}
