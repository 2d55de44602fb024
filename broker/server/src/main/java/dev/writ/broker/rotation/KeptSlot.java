package dev.writ.broker.rotation;

import dev.writ.broker.authority.KeptKey;
import dev.writ.broker.authority.KeptKey.State;
import dev.writ.broker.authority.KeyNotes;
import dev.writ.broker.authority.Snapshot;
import dev.writ.broker.authority.Snapshots;
import dev.writ.broker.keys.KeyException;
import dev.writ.broker.keys.Signer;
import dev.writ.broker.ledger.Acts;
import dev.writ.broker.rotation.SlotRows.Papers;
import dev.writ.broker.store.Database;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/**
 * A slot whose keys are kept elsewhere: {@code root}, {@code checkpoint}, {@code github:<app id>}.
 * The database says which of them is used; each node has to hold it.
 */
public abstract class KeptSlot implements Slot {
  /** For the other nodes to find a key that was just made, and to publish it. */
  private static final Duration ALL_NODES_WITHIN = Duration.ofSeconds(8);

  private static final Duration LOOK_EVERY = Duration.ofMillis(200);

  /** What every slot of the kind works with. */
  public record Parts(
      Database database,
      Acts acts,
      Snapshots snapshots,
      Custody custody,
      Holders holders,
      Duration publishAhead,
      Optional<Duration> rotateAfter,
      InstantSource clock) {}

  final Parts parts;
  private final String id;
  private final SlotRows rows;

  KeptSlot(String id, Parts parts) {
    this.id = id;
    this.parts = parts;
    this.rows = new SlotRows(id, parts.database, parts.acts, parts.snapshots);
  }

  @Override
  public final String id() {
    return id;
  }

  abstract String purpose();

  /** How long what the slot's key did is good, after it was used last. */
  abstract Duration needed();

  /** How long before its use a key has to be known. */
  Duration publishAhead() {
    return parts.publishAhead;
  }

  /** What a key gets when it is published. */
  Papers papers(Signer key, Optional<KeptKey> current, Instant at) {
    return Papers.NONE;
  }

  /** What stands against the use of a key; asked before every change. */
  Optional<String> objection(Signer key) {
    return Optional.empty();
  }

  /** A change is in force: what this node works with has to follow. */
  void follow() {}

  /** What is told after the key was compromised. */
  abstract Outcome.Done compromised(KeptKey distrusted, String heir);

  /** Whether the broker may make the next key itself. */
  boolean mayBeMade() {
    return true;
  }

  /** Whether a key that is given up leaves the slot empty where there is no other. */
  boolean mayGoWithout() {
    return false;
  }

  /**
   * The first key of the slot, if it has none: the newest that this node holds and that was not
   * used before.
   *
   * @throws KeyException if what is configured cannot be had
   */
  public final void found() {
    if (present().kept(id, State.CURRENT).isEmpty()) {
      heldSuccessor().ifPresent(first -> publish(first, State.CURRENT, ""));
    }
  }

  private void publish(Signer key, State state, String by) {
    rows.publish(key.id(), state, (current, at) -> papers(key, current, at), KeyNotes.why(by, ""));
  }

  private Snapshot present() {
    return rows.present();
  }

  @Override
  public final SlotView view() {
    Snapshot snapshot = present();
    List<SlotView.Version> versions =
        snapshot.kept(id).stream()
            .sorted(Comparator.comparing(KeptKey::state))
            .map(KeptSlot::version)
            .toList();
    Optional<KeptKey> current = snapshot.kept(id, State.CURRENT);
    return new SlotView(
        id,
        purpose(),
        parts.custody.place(id),
        versions,
        parts.rotateAfter,
        due(snapshot),
        current.isEmpty()
            ? Optional.of("no key is used: name another one in the configuration, and restart")
            : trouble(current.get()));
  }

  private static SlotView.Version version(KeptKey key) {
    return new SlotView.Version(
        key.id(), key.state().name().toLowerCase(Locale.ROOT), key.since(), key.neededUntil());
  }

  private Optional<String> trouble(KeptKey current) {
    return parts.custody.find(id, current.id()).isEmpty()
        ? Optional.of("this node does not hold the key that is used")
        : Optional.empty();
  }

  /** When the key is to be replaced: by order, or by its age. */
  private Optional<Instant> due(Snapshot snapshot) {
    Optional<KeptKey> next = snapshot.kept(id, State.NEXT);
    Optional<Instant> ripe = next.map(key -> key.since().plus(publishAhead()));
    if (next.isPresent() && next.get().ordered()) {
      return ripe;
    }
    return snapshot
        .kept(id, State.CURRENT)
        .flatMap(key -> parts.rotateAfter.map(key.since()::plus))
        .map(aged -> ripe.filter(aged::isBefore).orElse(aged));
  }

  @Override
  public final Outcome rotate(boolean now, String by) {
    KeptKey next;
    try {
      next = publishedSuccessor(by);
    } catch (KeyException cannot) {
      return new Outcome.Refused(cannot.getMessage());
    }
    Instant ripe = next.since().plus(publishAhead());
    if (now || !parts.clock.instant().isBefore(ripe)) {
      return promoteWithAll(next, by);
    }
    if (!next.ordered()) {
      rows.order(next, KeyNotes.why(by, ""));
    }
    return new Outcome.Scheduled(
        next.id(), ripe, "It is published, and used as soon as everybody can know it.");
  }

  /** The successor that everybody is told of; there is one afterwards. */
  private KeptKey publishedSuccessor(String by) {
    Optional<KeptKey> there = present().kept(id, State.NEXT);
    if (there.isPresent()) {
      return there.get();
    }
    Signer fresh = heldSuccessor().orElseGet(this::made);
    objection(fresh)
        .ifPresent(text -> {
          throw new KeyException(text);
        });
    publish(fresh, State.NEXT, by);
    follow();
    return present().kept(id, State.NEXT).orElseThrow();
  }

  /** A key that lies ready and was never used. */
  private Optional<Signer> heldSuccessor() {
    Set<String> used = rows.known();
    return parts.custody.versions(id).reversed().stream()
        .filter(key -> !used.contains(key.id()))
        .findFirst();
  }

  private Signer made() {
    if (!mayBeMade()) {
      throw new KeyException(
          "There is no other key for "
              + id
              + ". Put the new one where the nodes find it, name it in their configuration beside "
              + parts.custody.place(id)
              + ", restart them one by one, and rotate again.");
    }
    return parts.custody.successor(id);
  }

  /** Uses the successor, if every node holds it. */
  private Outcome promoteWithAll(KeptKey next, String by) {
    List<String> lacking = lackingAfterAWhile(next);
    if (!lacking.isEmpty()) {
      return new Outcome.Refused(
          "The next key is published, and not used yet: "
              + String.join(", ", lacking)
              + " does not hold it. Give it the key "
              + next.id()
              + " (see keys and docs/keys.md), or stop it; then rotate again.");
    }
    Optional<String> objection = parts.custody.find(id, next.id()).flatMap(this::objection);
    if (objection.isPresent()) {
      return new Outcome.Refused(objection.get());
    }
    promote(next, by);
    return new Outcome.Done(
        "rotated",
        next.id(),
        "It is used from now on. What the key before it signed stays valid until it ends.",
        Map.of(),
        List.of());
  }

  private List<String> lackingAfterAWhile(KeptKey next) {
    return afterAWhile(() -> parts.holders.lacking(id, next.id()));
  }

  /** Who is named when all nodes have had the time to follow. */
  final List<String> afterAWhile(Supplier<List<String>> late) {
    Instant limit = parts.clock.instant().plus(ALL_NODES_WITHIN);
    List<String> names = late.get();
    while (!names.isEmpty() && parts.clock.instant().isBefore(limit)) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(LOOK_EVERY.toMillis()));
      names = late.get();
    }
    return names;
  }

  private void promote(KeptKey next, String by) {
    rows.promote(next, needed(), KeyNotes.why(by, ""));
    follow();
  }

  /** What comes by the clock: a successor whose time has come, a former key whose time is over. */
  public final void upkeep() {
    Snapshot snapshot = parts.snapshots.current();
    if (snapshot.kept(id, State.CURRENT).isEmpty()) {
      found();
      return;
    }
    Instant now = parts.clock.instant();
    Optional<KeptKey> next = snapshot.kept(id, State.NEXT);
    boolean due = due(snapshot).filter(at -> !now.isBefore(at)).isPresent();
    if (due && next.isPresent() && !now.isBefore(next.get().since().plus(publishAhead()))) {
      if (parts.holders.lacking(id, next.get().id()).isEmpty()) {
        promote(next.get(), "");
      }
    } else if (due && next.isEmpty() && mayBeMade()) {
      publishedSuccessor("");
    }
    snapshot.kept(id).stream()
        .filter(key -> key.state() == State.RETIRED)
        .filter(key -> key.neededUntil().filter(until -> !now.isBefore(until)).isPresent())
        .forEach(key -> retire(key, ""));
  }

  private void retire(KeptKey former, String by) {
    rows.retire(former, KeyNotes.why(by, ""));
    follow();
  }

  @Override
  public final Outcome retire(Optional<String> version, String by) {
    Optional<KeptKey> former =
        present().kept(id).stream()
            .filter(key -> key.state() == State.RETIRED)
            .filter(key -> version.isEmpty() || version.get().equals(key.id()))
            .findFirst();
    if (former.isEmpty()) {
      return new Outcome.Refused(
          version.isEmpty()
              ? "There is no former key to retire."
              : "The slot has no former key with this id.");
    }
    Instant until = former.get().neededUntil().orElse(Instant.MIN);
    if (parts.clock.instant().isBefore(until)) {
      return new Outcome.Scheduled(
          former.get().id(),
          until,
          "Until then something that it did may live; then it is retired by itself.");
    }
    retire(former.get(), by);
    return new Outcome.Done(
        "retired",
        former.get().id(),
        "The deployment has forgotten it.",
        Map.of(),
        List.of("Delete it where it is kept, when no other deployment uses it."));
  }

  @Override
  public final Outcome compromise(Optional<String> version, String reason, String by) {
    Snapshot snapshot = present();
    Optional<KeptKey> key =
        version.isEmpty()
            ? snapshot.kept(id, State.CURRENT)
            : snapshot.kept(id).stream()
                .filter(one -> one.id().equals(version.get()) && one.trusted())
                .findFirst();
    if (key.isEmpty()) {
      return new Outcome.Refused("The slot has no key with this id that is still trusted.");
    }
    Optional<KeptKey> heir = Optional.empty();
    if (key.get().state() == State.CURRENT) {
      try {
        heir = Optional.of(publishedSuccessor(by));
        lackingAfterAWhile(heir.get()); // who lacks it then cannot go on, and this cannot wait
      } catch (KeyException cannot) {
        if (!mayGoWithout()) {
          return new Outcome.Refused(
              "Nothing has changed, for nothing stands ready to take its place. "
                  + cannot.getMessage());
        }
      }
    }
    return distrust(key.get(), heir, reason, by);
  }

  private Outcome distrust(KeptKey key, Optional<KeptKey> heir, String reason, String by) {
    rows.distrust(key, heir, KeyNotes.why(by, reason));
    follow();
    String used = present().kept(id, State.CURRENT).map(KeptKey::id).orElse("");
    return compromised(key, used);
  }
}
