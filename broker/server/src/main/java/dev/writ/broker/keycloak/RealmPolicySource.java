package dev.writ.broker.keycloak;

import dev.writ.broker.authority.NotTaken;
import dev.writ.broker.authority.PolicyBook.Applied;
import dev.writ.broker.authority.Realm;
import dev.writ.broker.authority.RealmPolicyBook;
import dev.writ.broker.authority.Snapshots;
import dev.writ.broker.authority.SourceKind;
import dev.writ.broker.authority.Sources;
import dev.writ.policy.Bounds;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Policies that are administered in a realm. What it cannot say keeps its last good version. */
final class RealmPolicySource implements RealmWatch.Taker, RealmFeed {
  private static final Logger log = LoggerFactory.getLogger(RealmPolicySource.class);

  private final Realm realm;
  private final RealmPolicyBook book;
  private final Sources sources;
  private final Snapshots snapshots;
  private final PolicySetReader reader;
  private final Clock clock;
  private final RealmWatch watch;
  private final Troubles troubles = new Troubles();
  private long version;

  RealmPolicySource(
      RealmConnection connection,
      Realm realm,
      RealmPolicyBook book,
      Sources sources,
      Snapshots snapshots,
      Bounds bounds,
      Clock clock) {
    this.realm = realm;
    this.book = book;
    this.sources = sources;
    this.snapshots = snapshots;
    this.reader = new PolicySetReader(realm.url(), bounds);
    this.clock = clock;
    this.watch = new RealmWatch(connection, "policies", this, clock);
  }

  @Override
  public void start() {
    RealmFeed.begin(SourceKind.POLICIES, realm, sources, troubles, watch.first());
    watch.start();
  }

  @Override
  public void hint() {
    watch.hint();
  }

  @Override
  public SourceKind kind() {
    return SourceKind.POLICIES;
  }

  @Override
  public Map<String, String> troubles() {
    return troubles.all();
  }

  @Override
  public boolean take(byte[] body, Instant readAt) {
    PolicySetReader.Read read;
    try {
      read = reader.read(body);
    } catch (UnreadableException unreadable) {
      troubles.say(REALM, "the policies cannot be read: " + unreadable.why());
      return false;
    }
    return switch (book.take(read.set(), Duration.between(readAt, clock.instant()))) {
      case NotTaken not -> {
        troubles.say(REALM, RealmFeed.said(not));
        yield false;
      }
      case RealmPolicyBook.Done(List<Applied> changed, Map<String, String> refused) -> {
        version = read.set().version();
        troubles.over(REALM);
        read.broken().putAll(refused);
        troubles.only(POLICY, read.broken());
        if (!changed.isEmpty()) {
          log.info("Policies of the realm's set {}: {}", version, changed);
          snapshots.refresh();
        }
        yield true;
      }
    };
  }

  @Override
  public void confirmed(Instant readAt) {
    sources.confirm(SourceKind.POLICIES, realm, version, Duration.between(readAt, clock.instant()));
  }

  @Override
  public void failed(String why) {
    troubles.say(AWAY, "the policies cannot be read: " + why);
  }

  @Override
  public void answered() {
    troubles.over(AWAY);
  }

  @Override
  public void close() {
    watch.close();
  }
}
