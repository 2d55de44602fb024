package dev.writ.keycloak.broker;

import dev.writ.keycloak.store.Settings;
import org.keycloak.models.AbstractKeycloakTransaction;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;

/**
 * Tells a realm's broker, once a change is committed, to look now. Brokers look each second anyway:
 * a hint that is lost costs that second.
 */
public final class Push {
  private static final String ENLISTED = "dev.writ.push.";

  private Push() {}

  /** Once per transaction and realm, however often it is asked for. */
  public static void afterCommit(KeycloakSession session, RealmModel realm) {
    String mark = ENLISTED + realm.getId();
    if (session.getAttribute(mark) != null) {
      return;
    }
    session.setAttribute(mark, Boolean.TRUE);
    BrokerClient.of(Settings.of(session, realm))
        .ifPresent(broker ->
            session
                .getTransactionManager()
                .enlistAfterCompletion(
                    new AbstractKeycloakTransaction() {
                      @Override
                      protected void commitImpl() {
                        broker.hint();
                      }

                      @Override
                      protected void rollbackImpl() {
                        // Nothing has changed.
                      }
                    }));
  }
}
