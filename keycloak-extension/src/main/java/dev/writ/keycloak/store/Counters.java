package dev.writ.keycloak.store;

import jakarta.persistence.EntityManager;
import jakarta.persistence.LockModeType;
import java.util.Optional;
import org.jboss.logging.Logger;
import org.keycloak.connections.jpa.JpaConnectionProvider;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.jpa.entities.RealmEntity;
import org.keycloak.models.utils.KeycloakModelUtils;

/** A realm's counters. */
public final class Counters {
  private static final Logger LOG = Logger.getLogger(Counters.class);

  private final KeycloakSession session;
  private final EntityManager database;
  private final String realm;

  Counters(KeycloakSession session, String realm) {
    this.session = session;
    this.database = session.getProvider(JpaConnectionProvider.class).getEntityManager();
    this.realm = realm;
  }

  public static Counters of(KeycloakSession session, RealmModel realm) {
    return new Counters(session, realm.getId());
  }

  /** One indexed read. */
  public long reached(Counter counter) {
    return database
        .createQuery(
            "select c.reached from WritCounter c where c.realmId = :realm and c.counter = :counter",
            Long.class)
        .setParameter("realm", realm)
        .setParameter("counter", counter.key())
        .getResultStream()
        .findFirst()
        .orElse(0L);
  }

  /**
   * Adds one, in the present transaction, which holds the row until it ends. A realm that is being
   * deleted has nothing to count any more.
   */
  public void next(Counter counter) {
    int updated =
        database
            .createQuery(
                "update WritCounter c set c.reached = c.reached + 1"
                    + " where c.realmId = :realm and c.counter = :counter")
            .setParameter("realm", realm)
            .setParameter("counter", counter.key())
            .executeUpdate();
    if (updated == 0 && database.find(RealmEntity.class, realm) != null) {
      database.persist(new CounterEntity(realm, counter, 1));
      database.flush();
    }
  }

  /** Makes the counters of a realm that has none yet; both begin at 0. */
  public void begin() {
    for (Counter counter : Counter.values()) {
      if (find(counter).isEmpty()) {
        database.persist(new CounterEntity(realm, counter, 0));
      }
    }
    database.flush();
  }

  /** Makes sure that a counter is not lower than this. */
  public void atLeast(Counter counter, long number) {
    CounterEntity row = lock(counter);
    if (row.reached() < number) {
      row.reach(number);
      database.flush();
    }
  }

  /** Holds the counter until the transaction ends; then what is read is what is there. */
  CounterEntity lock(Counter counter) {
    CounterEntity row = find(counter).orElseGet(() -> make(counter));
    database.refresh(row, LockModeType.PESSIMISTIC_WRITE);
    return row;
  }

  private Optional<CounterEntity> find(Counter counter) {
    return Optional.ofNullable(
        database.find(CounterEntity.class, new CounterEntity.Key(realm, counter)));
  }

  /** In a transaction of its own: another one may be at it, too. */
  private CounterEntity make(Counter counter) {
    try {
      KeycloakModelUtils.runJobInTransaction(
          session.getKeycloakSessionFactory(),
          own ->
              own.getProvider(JpaConnectionProvider.class)
                  .getEntityManager()
                  .persist(new CounterEntity(realm, counter, 0)));
    } catch (RuntimeException made) {
      LOG.debugf(made, "The counter %s of the realm %s was made elsewhere", counter, realm);
    }
    return find(counter).orElseThrow();
  }
}
