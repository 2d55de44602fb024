package dev.writ.broker.authority;

import dev.writ.broker.keys.KeyRing;
import dev.writ.broker.store.Database;
import dev.writ.broker.store.Session;
import dev.writ.policy.Bounds;
import dev.writ.policy.Policy;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * This node's copy of what exchanges are judged by. It may lag behind the database: whatever was
 * judged by an old copy is turned away by the ledger's append and judged again by a fresh one, so a
 * lag costs a round trip, never correctness. Only what changed since is read.
 */
public final class Snapshots {
  private static final Duration LOAD_LIMIT = Duration.ofSeconds(10);

  private final Database database;
  private final TokenKeys tokenKeys;
  private final TokenKeys stsKeys;
  private final Bounds bounds;
  private final Map<String, String> launchers;
  private final ReentrantLock loading = new ReentrantLock();
  private volatile @Nullable Snapshot current;

  /**
   * @param launchers their names, and their issuers
   */
  public Snapshots(
      Database database,
      TokenKeys tokenKeys,
      TokenKeys stsKeys,
      Bounds bounds,
      Map<String, String> launchers) {
    this.database = database;
    this.tokenKeys = tokenKeys;
    this.stsKeys = stsKeys;
    this.bounds = bounds;
    this.launchers = Map.copyOf(launchers);
  }

  /** The copy of the moment, without a look at the database but for the first. */
  public Snapshot current() {
    Snapshot held = current;
    return held == null ? refresh() : held;
  }

  /**
   * The database's state of now, by one look at it while nothing has changed: for whatever no
   * append judges.
   */
  public Snapshot present() {
    Snapshot held = current();
    return database.autoCommit(Snapshots::authority) == held.sequence() ? held : refresh();
  }

  /** The database's state of now. Callers that come while another one loads share what it finds. */
  public Snapshot refresh() {
    loading.lock();
    try {
      Snapshot fresh = database.inTransaction(LOAD_LIMIT, session -> load(session, current));
      current = fresh;
      return fresh;
    } finally {
      loading.unlock();
    }
  }

  /** Reads until nothing changed between its first and its last look. */
  private Snapshot load(Session session, @Nullable Snapshot before) throws SQLException {
    Snapshot loaded = before;
    while (true) {
      long sequence = authority(session);
      if (loaded != null && loaded.sequence() == sequence) {
        return loaded;
      }
      Snapshot next = read(session, loaded, sequence);
      if (authority(session) == sequence) {
        return next;
      }
    }
  }

  private Snapshot read(Session session, @Nullable Snapshot before, long sequence)
      throws SQLException {
    long since = before == null ? -1 : before.sequence();
    return new Snapshot(
        sequence,
        policies(session, before, since),
        owners(session, before, since),
        realmLaunchers(session),
        keys(session, tokenKeys, Optional.ofNullable(before).map(Snapshot::tokenKeys), since),
        keys(session, stsKeys, Optional.ofNullable(before).map(Snapshot::stsKeys), since),
        issuers(session, "distrusted"),
        issuers(session, "ordered"),
        keptKeys(session, Optional.ofNullable(before).map(Snapshot::keptKeys), since));
  }

  private Map<String, PolicyVersion> policies(
      Session session, @Nullable Snapshot before, long since) throws SQLException {
    Map<String, PolicyVersion> policies =
        before == null ? new HashMap<>() : new HashMap<>(before.policies());
    record Changed(String name, int version, boolean withdrawn, String canonical) {}
    List<Changed> changes =
        session.list(
            "SELECT h.name, h.version, h.withdrawn, p.canonical FROM policy_head h JOIN policy p ON"
                + " p.name = h.name AND p.version = h.version AND p.realm = h.realm WHERE h.changed"
                + " > ?",
            row ->
                new Changed(
                    row.string("name"),
                    row.integer("version"),
                    row.bool("withdrawn"),
                    row.string("canonical")),
            since);
    for (Changed change : changes) {
      if (change.withdrawn()) {
        policies.remove(change.name());
      } else {
        Policy policy = Policy.json(change.canonical(), bounds).orElseThrow();
        policies.put(change.name(), new PolicyVersion(change.version(), policy));
      }
    }
    return policies;
  }

  private OwnerDirectory owners(Session session, @Nullable Snapshot before, long since)
      throws SQLException {
    Map<String, String> definitions = new HashMap<>();
    Set<String> removed = new HashSet<>();
    session.list(
        "SELECT name, definition, live FROM owner WHERE changed > ?",
        row -> {
          if (!row.bool("live")) {
            removed.add(row.string("name"));
          }
          return definitions.put(row.string("name"), row.string("definition"));
        },
        since);
    if (before != null && definitions.isEmpty()) {
      return before.owners();
    }
    return StoredOwners.read(
        Optional.ofNullable(before).map(Snapshot::owners), definitions, removed);
  }

  private Set<String> realmLaunchers(Session session) throws SQLException {
    Set<String> names = new HashSet<>(launchers.keySet());
    Optional<String> realm = Sources.inForce(session, SourceKind.OWNERS);
    names.removeIf(name -> !realm.equals(Optional.ofNullable(launchers.get(name))));
    return realm.isEmpty() ? Set.of() : names;
  }

  private static KeyRing keys(Session session, TokenKeys keys, Optional<KeyRing> before, long since)
      throws SQLException {
    boolean changed =
        session.one(
            "SELECT EXISTS (SELECT FROM signing_key WHERE changed > ?) AS changed",
            row -> row.bool("changed"),
            since);
    if (before.isPresent() && !changed) {
      return before.get();
    }
    return keys.load(session)
        .orElseThrow(
            () -> new IllegalStateException("the deployment has no signing key of a slot yet"));
  }

  private static Map<String, List<KeptKey>> keptKeys(
      Session session, Optional<Map<String, List<KeptKey>>> before, long since)
      throws SQLException {
    boolean changed =
        session.one(
            "SELECT EXISTS (SELECT FROM kept_key WHERE changed > ?) AS changed",
            row -> row.bool("changed"),
            since);
    return before.isPresent() && !changed ? before.get() : KeptKeys.all(session);
  }

  /** Those that have not ended yet. */
  private static Set<String> issuers(Session session, String mark) throws SQLException {
    return Set.copyOf(
        session.list(
            "SELECT id FROM intermediate WHERE not_after > clock_timestamp() AND " + mark,
            row -> row.string("id")));
  }

  private static long authority(Session session) throws SQLException {
    return session.one("SELECT authority FROM ledger_head", row -> row.longInteger("authority"));
  }
}
