package dev.writ.keycloak.store;

import dev.writ.document.Parsed;
import dev.writ.policy.Policy;
import jakarta.persistence.EntityManager;
import jakarta.persistence.Tuple;
import jakarta.persistence.TypedQuery;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.keycloak.connections.jpa.JpaConnectionProvider;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;

/**
 * The policies of one realm. A change locks the realm's counter first, so that of two at once the
 * second sees what the first one did; both are part of the request's transaction.
 */
public final class PolicyStore {
  private static final String VERSION =
      "select p.name as name, v.version as version, v.canonical as canonical, v.author as author,"
          + " v.savedAt as savedAt, v.note as note, v.deleted as deleted,"
          + " v.restoredFrom as restoredFrom from WritPolicy p"
          + " join WritPolicyVersion v on v.policyId = p.id where p.realmId = :realm ";

  private static final String ENTRY =
      "select p.name as name, v.version as version, '' as canonical, v.author as author,"
          + " v.savedAt as savedAt, v.note as note, v.deleted as deleted,"
          + " v.restoredFrom as restoredFrom, p.summary as summary from WritPolicy p"
          + " join WritPolicyVersion v on v.policyId = p.id and v.version = p.version where ";

  private final KeycloakSession session;
  private final EntityManager database;
  private final String realm;

  private PolicyStore(KeycloakSession session, String realm) {
    this.session = session;
    this.database = session.getProvider(JpaConnectionProvider.class).getEntityManager();
    this.realm = realm;
  }

  public static PolicyStore of(KeycloakSession session, RealmModel realm) {
    return new PolicyStore(session, realm.getId());
  }

  /** How often the policies have changed. */
  public long reached() {
    return new Counters(session, realm).reached(Counter.POLICIES);
  }

  /**
   * @param search in name, description and content, without case; empty: all
   * @param deleted those that were deleted instead of those that are in force
   */
  public Listing list(String search, boolean deleted, int first, int max) {
    String where = "p.realmId = :realm and p.deleted = :deleted";
    String wanted = search.isEmpty() ? where : where + " and p.searched like :search escape '!'";
    TypedQuery<Long> count =
        database.createQuery("select count(p) from WritPolicy p where " + wanted, Long.class);
    TypedQuery<Tuple> page = database.createQuery(ENTRY + wanted + " order by p.name", Tuple.class);
    for (TypedQuery<?> query : List.of(count, page)) {
      query.setParameter("realm", realm).setParameter("deleted", deleted);
      if (!search.isEmpty()) {
        query.setParameter("search", "%" + escape(search.toLowerCase(Locale.ROOT)) + "%");
      }
    }
    List<Listing.Entry> entries =
        page.setFirstResult(first)
            .setMaxResults(max)
            .getResultStream()
            .map(row -> new Listing.Entry(version(row), row.get("summary", String.class)))
            .toList();
    return new Listing(count.getSingleResult(), entries);
  }

  private static String escape(String text) {
    return text.replace("!", "!!").replace("%", "!%").replace("_", "!_");
  }

  /** The newest version of a policy, which may be a deletion. */
  public Optional<Version> newest(String name) {
    return versions("and p.name = :name and v.version = p.version", 0, 1, name).stream()
        .findFirst();
  }

  public Optional<Version> version(String name, int number) {
    return database
        .createQuery(VERSION + "and p.name = :name and v.version = :version", Tuple.class)
        .setParameter("realm", realm)
        .setParameter("name", name)
        .setParameter("version", number)
        .getResultStream()
        .map(PolicyStore::version)
        .findFirst();
  }

  /** Newest first. */
  public List<Version> history(String name, int first, int max) {
    return versions("and p.name = :name order by v.version desc", first, max, name);
  }

  /** The newest version of each policy, deletions included, by name. */
  public List<Version> newest() {
    return database
        .createQuery(VERSION + "and v.version = p.version order by p.name", Tuple.class)
        .setParameter("realm", realm)
        .getResultStream()
        .map(PolicyStore::version)
        .toList();
  }

  /** Every version of every policy, by name, oldest first. */
  public List<Version> everything() {
    return database
        .createQuery(VERSION + "order by p.name, v.version", Tuple.class)
        .setParameter("realm", realm)
        .getResultStream()
        .map(PolicyStore::version)
        .toList();
  }

  private List<Version> versions(String condition, int first, int max, String name) {
    return database
        .createQuery(VERSION + condition, Tuple.class)
        .setParameter("realm", realm)
        .setParameter("name", name)
        .setFirstResult(first)
        .setMaxResults(max)
        .getResultStream()
        .map(PolicyStore::version)
        .toList();
  }

  private static Version version(Tuple row) {
    Integer restoredFrom = row.get("restoredFrom", Integer.class);
    return new Version(
        row.get("name", String.class),
        row.get("version", Integer.class),
        row.get("canonical", String.class),
        row.get("author", String.class),
        Instant.ofEpochMilli(row.get("savedAt", Long.class)),
        row.get("note", String.class),
        row.get("deleted", Boolean.class),
        restoredFrom == null ? OptionalInt.empty() : OptionalInt.of(restoredFrom));
  }

  /**
   * Saves a policy under its name.
   *
   * @param expected the version that it is to follow; 0: there is to be none in force
   */
  public Saved save(Policy policy, int expected, Edit edit, OptionalInt restoredFrom) {
    Counters counters = new Counters(session, realm);
    counters.lock(Counter.POLICIES);
    String name = policy.name().value();
    Optional<Version> current = newest(name);
    if (!follows(current, expected)) {
      return new Saved.Conflict(current);
    }
    boolean isNew = current.filter(version -> !version.deleted()).isEmpty();
    if (!isNew && current.get().canonical().equals(policy.toJson())) {
      return new Saved.Unchanged(current.get());
    }
    Version next =
        new Version(
            name,
            current.map(Version::version).orElse(0) + 1,
            policy.toJson(),
            edit.author(),
            edit.at(),
            edit.comment(),
            false,
            restoredFrom);
    append(next, Summary.of(policy));
    counters.next(Counter.POLICIES);
    return new Saved.Done(next, isNew);
  }

  /**
   * Deletes a policy; its versions stay.
   *
   * @param deleted what is in force
   */
  public Saved delete(Policy deleted, int expected, Edit edit) {
    Counters counters = new Counters(session, realm);
    counters.lock(Counter.POLICIES);
    Optional<Version> current = newest(deleted.name().value());
    if (current.isEmpty() || current.get().deleted() || current.get().version() != expected) {
      return new Saved.Conflict(current);
    }
    Version next =
        new Version(
            current.get().name(),
            expected + 1,
            current.get().canonical(),
            edit.author(),
            edit.at(),
            edit.comment(),
            true,
            OptionalInt.empty());
    append(next, Summary.of(deleted));
    counters.next(Counter.POLICIES);
    return new Saved.Done(next, false);
  }

  private static boolean follows(Optional<Version> current, int expected) {
    return expected == 0
        ? current.map(Version::deleted).orElse(true)
        : current.map(version -> version.version() == expected).orElse(false);
  }

  /**
   * Fills the tables of a realm that has no policies with versions from elsewhere, each name's in
   * their order.
   *
   * @return what is wrong with them; empty if they were taken
   */
  public String take(List<Version> versions) {
    Map<String, PolicyEntity> heads = new HashMap<>();
    for (Version version : versions) {
      if (!(Policy.json(version.canonical(), Version.READABLE)
          instanceof Parsed.Valid<Policy> valid)) {
        return "%s, version %d is no policy".formatted(version.name(), version.version());
      }
      Policy policy = valid.value();
      if (!policy.name().value().equals(version.name())) {
        return "%s, version %d calls itself %s"
            .formatted(version.name(), version.version(), policy.name());
      }
      PolicyEntity head = heads.computeIfAbsent(version.name(), this::persisted);
      head.show(version.version(), version.deleted(), Summary.of(policy));
      database.persist(new VersionEntity(head.id(), version.with(policy.toJson())));
    }
    database.flush();
    return "";
  }

  /** Before its versions, which refer to it. */
  private PolicyEntity persisted(String name) {
    PolicyEntity head = newHead(name);
    database.persist(head);
    return head;
  }

  private PolicyEntity newHead(String name) {
    return new PolicyEntity(UUID.randomUUID().toString(), realm, name);
  }

  /** Writes a version as the newest of its name. The caller has the lock and knows that it is. */
  private void append(Version version, Summary summary) {
    PolicyEntity known = head(version.name());
    PolicyEntity head = known == null ? persisted(version.name()) : known;
    head.show(version.version(), version.deleted(), summary);
    database.persist(new VersionEntity(head.id(), version));
    database.flush();
  }

  private @Nullable PolicyEntity head(String name) {
    return database
        .createQuery(
            "select p from WritPolicy p where p.realmId = :realm and p.name = :name",
            PolicyEntity.class)
        .setParameter("realm", realm)
        .setParameter("name", name)
        .getResultStream()
        .findFirst()
        .orElse(null);
  }
}
