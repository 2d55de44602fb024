package dev.writ.broker.keycloak;

import dev.writ.broker.authority.NotTaken;
import dev.writ.broker.authority.OwnerBook;
import dev.writ.broker.authority.Realm;
import dev.writ.broker.authority.Snapshots;
import dev.writ.broker.authority.SourceKind;
import dev.writ.broker.authority.Sources;
import dev.writ.broker.owner.OwnerSource;
import dev.writ.document.Problem;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Has the database follow the realm's users and groups. */
final class RealmOwnerSource implements RealmFeed, OwnerSource.Listener {
  private static final Logger log = LoggerFactory.getLogger(RealmOwnerSource.class);

  private final Realm realm;
  private final OwnerBook book;
  private final Sources sources;
  private final Snapshots snapshots;
  private final Clock clock;
  private final Troubles troubles = new Troubles();
  private final RealmOwners owners;

  RealmOwnerSource(
      RealmConnection connection,
      Realm realm,
      OwnerBook book,
      Sources sources,
      Snapshots snapshots,
      Clock clock) {
    this.realm = realm;
    this.book = book;
    this.sources = sources;
    this.snapshots = snapshots;
    this.clock = clock;
    this.owners = new RealmOwners(connection, troubles, clock);
  }

  @Override
  public void start() {
    owners.start(this);
    RealmFeed.begin(SourceKind.OWNERS, realm, sources, troubles, owners.delivered());
  }

  @Override
  public boolean delivered(OwnerSource.Snapshot snapshot) {
    OwnerBook.Followed followed =
        book.follow(
            snapshot.definition(),
            snapshot.kept(),
            realm,
            Long.parseLong(snapshot.version()),
            since(snapshot.readAt()));
    return switch (followed) {
      case NotTaken not -> {
        troubles.say(REALM, RealmFeed.said(not));
        yield false;
      }
      case OwnerBook.Done(List<String> changed, List<String> removed) -> {
        troubles.over(REALM);
        if (!changed.isEmpty() || !removed.isEmpty()) {
          log.info(
              "Owners of the realm's document {}: {} changed, {} removed",
              snapshot.version(),
              changed.size(),
              removed.size());
          snapshots.refresh();
        }
        yield true;
      }
    };
  }

  @Override
  public void confirmed(String version, Instant readAt) {
    sources.confirm(SourceKind.OWNERS, realm, Long.parseLong(version), since(readAt));
  }

  private Duration since(Instant readAt) {
    return Duration.between(readAt, clock.instant());
  }

  @Override
  public void broken(String source, List<Problem> problems) {
    troubles.say(REALM, "the owners cannot be read: " + problems);
  }

  @Override
  public void hint() {
    owners.hint();
  }

  @Override
  public SourceKind kind() {
    return SourceKind.OWNERS;
  }

  @Override
  public Map<String, String> troubles() {
    return troubles.all();
  }

  @Override
  public void close() {
    owners.close();
  }
}
