package dev.writ.broker.keycloak;

import dev.writ.broker.authority.OwnerBook;
import dev.writ.broker.authority.Realm;
import dev.writ.broker.authority.RealmPolicyBook;
import dev.writ.broker.authority.Snapshots;
import dev.writ.broker.authority.SourceKind;
import dev.writ.broker.authority.Sources;
import dev.writ.broker.ledger.Acts;
import dev.writ.policy.Bounds;
import java.time.Clock;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** All that this node follows of realms: nothing, policies, owners or both. */
public final class RealmFeeds implements AutoCloseable {
  private final List<RealmFeed> feeds = new ArrayList<>();
  private final Acts acts;
  private final Sources sources;
  private final Snapshots snapshots;
  private final Clock clock;

  public RealmFeeds(Acts acts, Sources sources, Snapshots snapshots, Clock clock) {
    this.acts = acts;
    this.sources = sources;
    this.snapshots = snapshots;
    this.clock = clock;
  }

  /**
   * Follows a realm's policies from now on.
   *
   * @throws IllegalStateException if the realm cannot be read and the database has nothing of it
   *     yet, or has another source
   */
  public void policies(RealmConnection connection, Realm realm, Bounds bounds) {
    RealmPolicyBook book = new RealmPolicyBook(acts, realm, bounds);
    start(new RealmPolicySource(connection, realm, book, sources, snapshots, bounds, clock));
  }

  /**
   * Follows a realm's users and groups from now on.
   *
   * @throws IllegalStateException as {@link #policies}
   */
  public void owners(RealmConnection connection, Realm realm, OwnerBook book) {
    start(new RealmOwnerSource(connection, realm, book, sources, snapshots, clock));
  }

  private void start(RealmFeed feed) {
    feeds.add(feed);
    feed.start();
  }

  /** Something may have changed in a realm. */
  public void hint() {
    feeds.forEach(RealmFeed::hint);
  }

  /** How many things are wrong with what realms say, by kind. */
  public Map<SourceKind, Integer> troubled() {
    Map<SourceKind, Integer> counts = new EnumMap<>(SourceKind.class);
    feeds.forEach(feed -> counts.put(feed.kind(), feed.troubles().size()));
    return counts;
  }

  /** What is wrong with any of them; empty when all is well. */
  public Map<String, String> troubles() {
    Map<String, String> all = new TreeMap<>();
    for (RealmFeed feed : feeds) {
      feed.troubles().forEach((what, why) -> all.put(feed.kind().word() + " of " + what, why));
    }
    return all;
  }

  @Override
  public void close() {
    feeds.forEach(RealmFeed::close);
  }
}
