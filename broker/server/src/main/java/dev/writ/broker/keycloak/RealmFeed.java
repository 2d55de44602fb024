package dev.writ.broker.keycloak;

import dev.writ.broker.authority.NotTaken;
import dev.writ.broker.authority.Realm;
import dev.writ.broker.authority.SourceKind;
import dev.writ.broker.authority.Sources;
import dev.writ.broker.authority.Sources.InForce;
import java.util.Map;
import java.util.Optional;
import org.slf4j.LoggerFactory;

/** One kind of what a realm administers, kept up to date in the database. */
interface RealmFeed extends AutoCloseable {
  /** What {@link #troubles} calls the whole document. */
  String REALM = "keycloak";

  /** What {@link #troubles} calls not being answered. */
  String AWAY = "keycloak (away)";

  /** What {@link #troubles} begins a policy's name with. */
  String POLICY = "keycloak policy ";

  /** What {@link #troubles} begins a group's name with. */
  String GROUP = "keycloak group ";

  /** What {@link #troubles} begins the name of a user with whom Writ cannot name. */
  String USER = "keycloak user ";

  /**
   * Reads the realm, and from then on each change.
   *
   * @throws IllegalStateException if it cannot be read and the database has nothing of it yet, or
   *     has another source
   */
  void start();

  /** Something may have changed: the realm is asked at once, at most once a second. */
  void hint();

  SourceKind kind();

  /** What is wrong now, for people; empty when all is well. */
  Map<String, String> troubles();

  @Override
  void close();

  /** For whoever runs the node. */
  static String said(NotTaken not) {
    return not instanceof NotTaken.Elsewhere elsewhere ? elsewhere.advice() : not.text();
  }

  /** Whether a node may begin to work after its first look at the realm. */
  static void begin(
      SourceKind kind, Realm realm, Sources sources, Troubles troubles, boolean taken) {
    if (taken) {
      return;
    }
    Optional<InForce> present = sources.inForce(kind);
    if (present.isEmpty() || !present.get().realm().equals(realm.url())) {
      throw new IllegalStateException(
          "The %s of the realm %s are not in the database yet, and cannot be taken from it now: %s"
              .formatted(kind.word(), realm.url(), troubles.all()));
    }
    sources.limit(kind, realm);
    LoggerFactory.getLogger(RealmFeed.class)
        .warn(
            "The {} of the realm {} go on as they were last heard of, set {} of {} ago: {}",
            kind.word(),
            realm.url(),
            present.get().version(),
            present.get().age(),
            troubles.all());
  }
}
