package dev.writ.broker.keycloak;

import dev.writ.broker.owner.OwnerSource;
import dev.writ.document.Problem;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Owners that are a realm's users and groups. */
final class RealmOwners implements OwnerSource {
  private final String realm;
  private final RealmConnection connection;
  private final Clock clock;
  private final Troubles troubles;
  private Optional<RealmWatch> watch = Optional.empty();
  private boolean delivered;

  RealmOwners(RealmConnection connection, Troubles troubles, Clock clock) {
    this.realm = connection.url();
    this.connection = connection;
    this.troubles = troubles;
    this.clock = clock;
  }

  @Override
  public void start(Listener listener) {
    RealmWatch started = new RealmWatch(connection, "owners", new Teller(listener), clock);
    watch = Optional.of(started);
    delivered = started.first();
    started.start();
  }

  /** Whether the first document counts. */
  boolean delivered() {
    return delivered;
  }

  void hint() {
    watch.ifPresent(RealmWatch::hint);
  }

  @Override
  public void close() {
    watch.ifPresent(RealmWatch::close);
  }

  private final class Teller implements RealmWatch.Taker {
    private final Listener listener;
    private String version = "";

    Teller(Listener listener) {
      this.listener = listener;
    }

    @Override
    public boolean take(byte[] body, Instant readAt) {
      OwnersDocument read;
      try {
        read = OwnersDocument.read(body, realm);
      } catch (UnreadableException unreadable) {
        listener.broken(realm, List.of(new Problem("", unreadable.why())));
        return false;
      }
      version = Long.toString(read.version());
      boolean counts =
          listener.delivered(new Snapshot(version, read.definition(), read.kept(), readAt));
      if (counts) {
        troubles.only(RealmFeed.GROUP, read.broken());
        troubles.only(RealmFeed.USER, read.unnamed());
      }
      return counts;
    }

    @Override
    public void confirmed(Instant readAt) {
      listener.confirmed(version, readAt);
    }

    @Override
    public void failed(String why) {
      troubles.say(RealmFeed.AWAY, "the owners cannot be read: " + why);
    }

    @Override
    public void answered() {
      troubles.over(RealmFeed.AWAY);
    }
  }
}
