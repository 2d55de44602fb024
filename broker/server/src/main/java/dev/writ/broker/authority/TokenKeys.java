package dev.writ.broker.authority;

import static dev.writ.broker.authority.SigningKeys.only;

import dev.writ.broker.authority.SigningKeys.Stored;
import dev.writ.broker.keys.KeyRing;
import dev.writ.broker.keys.KeySchedule;
import dev.writ.broker.keys.KeySlot;
import dev.writ.broker.keys.Sealer;
import dev.writ.broker.keys.TokenKey;
import dev.writ.broker.ledger.Acts;
import dev.writ.broker.ledger.Acts.Act;
import dev.writ.broker.store.Session;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The keys of one slot in the database, private halves sealed under the envelope key. The first
 * node of a deployment makes the first key; every node keeps a successor published and promotes it
 * when it is ripe and the age is reached, or when somebody asked for it.
 */
public final class TokenKeys {
  /** The most that one act can use: the first key and its successor, or an heir and its own. */
  private static final int SPARE = 2;

  private final KeySlot slot;
  private final Sealer envelope;
  private final KeySchedule.Timing timing;
  private final Duration rotateAfter;
  private final SigningKeys keys;

  /**
   * @param timing how long ahead a successor is published, and the longest life of what a key signs
   * @param rotateAfter the age at which a ripe successor takes over
   */
  public TokenKeys(KeySlot slot, Sealer envelope, KeySchedule.Timing timing, Duration rotateAfter) {
    this.slot = slot;
    this.envelope = envelope;
    this.timing = timing;
    this.rotateAfter = rotateAfter;
    this.keys = new SigningKeys(slot);
  }

  public KeySlot slot() {
    return slot;
  }

  public Duration rotateAfter() {
    return rotateAfter;
  }

  /** The longest life of anything that a key of the slot signs. */
  public Duration longestToken() {
    return timing.longestToken();
  }

  /** The ring as the session sees it; empty before {@link #upkeep} first ran. */
  Optional<KeyRing> load(Session session) throws SQLException {
    List<Stored> rows = keys.rows(session);
    Optional<Stored> current = only(rows, "current");
    if (current.isEmpty()) {
      return Optional.empty();
    }
    Stored signing = current.get();
    byte[] sealed =
        signing.sealed().orElseThrow(() -> new SQLException("the current key has no private half"));
    TokenKey signer = TokenKey.open(slot, signing.key().certificate(), sealed, envelope);
    return Optional.of(KeyRing.of(keys.schedule(rows, signing), signer));
  }

  /**
   * Makes the first key, publishes a successor, promotes it when due, forgets what is spent. Safe
   * to be called by every node at any time.
   */
  public void upkeep(Acts acts) {
    Deque<TokenKey> spare = spare();
    acts.act(act -> {
      List<Stored> rows = keys.rows(act.session());
      Optional<Stored> current = only(rows, "current");
      if (current.isEmpty()) {
        keys.publish(act, spare.pop(), "current");
      } else {
        KeySchedule schedule = keys.schedule(rows, current.get());
        if (due(schedule, act.at())) {
          keys.promote(act, schedule, act.at().plus(timing.longestToken()), Map.of());
        }
      }
      followUp(act, spare);
      keys.spend(act);
      return slot;
    });
  }

  /** Made before the ledger's lock is taken: a remote envelope key may take its time. */
  private Deque<TokenKey> spare() {
    Deque<TokenKey> spare = new ArrayDeque<>();
    Instant now = Clock.systemUTC().instant();
    while (spare.size() < SPARE) {
      spare.push(TokenKey.generate(slot, envelope, now));
    }
    return spare;
  }

  private void followUp(Act act, Deque<TokenKey> spare) throws SQLException {
    if (only(keys.rows(act.session()), "next").isEmpty()) {
      keys.publish(act, spare.pop(), "next");
    }
  }

  /** Whether {@link #upkeep} has anything to do; cheap, without the lock. */
  public boolean needsUpkeep(KeyRing ring, Instant now) {
    KeySchedule schedule = ring.schedule();
    return schedule.next().isEmpty()
        || due(schedule, now)
        || schedule.retired().stream().anyMatch(key -> !now.isBefore(key.until()));
  }

  /** From when on the successor should sign, and not before it is ripe. */
  public Instant dueAt(KeySchedule schedule) {
    Instant aged = schedule.current().since().plus(rotateAfter);
    return schedule
        .next()
        .filter(next -> next.ordered() || next.ripeAt(timing).isAfter(aged))
        .map(next -> next.ripeAt(timing))
        .orElse(aged);
  }

  private boolean due(KeySchedule schedule, Instant now) {
    return schedule.next().isPresent() && !now.isBefore(dueAt(schedule));
  }

  /** What became of the wish for another key. */
  public sealed interface Rotation {
    /** The successor signs. */
    record Rotated(String kid) implements Rotation {}

    /** It will, when every verifier has had the time to learn it. */
    record Scheduled(String kid, Instant at) implements Rotation {}
  }

  /**
   * Lets the successor sign as soon as it may.
   *
   * @param now skips the wait for verifiers to learn it; what the former key signed stays valid
   * @param by who asks
   */
  public Rotation rotate(Acts acts, boolean now, String by) {
    Deque<TokenKey> spare = spare();
    return acts.act(act -> {
      followUp(act, spare);
      List<Stored> rows = keys.rows(act.session());
      KeySchedule schedule = keys.schedule(rows, only(rows, "current").orElseThrow());
      KeySchedule.Successor next = schedule.next().orElseThrow();
      String kid = next.key().kid();
      if (!now && act.at().isBefore(next.ripeAt(timing))) {
        keys.order(act, kid, KeyNotes.why(by, ""));
        return new Rotation.Scheduled(kid, next.ripeAt(timing));
      }
      keys.promote(act, schedule, act.at().plus(timing.longestToken()), KeyNotes.why(by, ""));
      followUp(act, spare);
      return new Rotation.Rotated(kid);
    });
  }

  /**
   * What a key's distrust came to.
   *
   * @param kid the key
   * @param signing the key that signs from now on
   * @param from sequence of the ledger from which on it signed; empty if it never did
   * @param to sequence from which on it signed no more
   * @param trustedUntil when the last of what it signed would have ended by itself
   */
  public record Distrusted(
      String kid, String signing, Optional<Long> from, long to, Instant trustedUntil) {}

  /**
   * Ends all trust in a key at once: what it signed is refused and inactive from the commit on. If
   * it signed until now, the successor does from here on, published long enough or not.
   *
   * @param kid one that is published; else the one that signs
   * @return empty if no key of the slot that still counts has this id
   */
  public Optional<Distrusted> distrust(Acts acts, Optional<String> kid, String reason, String by) {
    Deque<TokenKey> spare = spare();
    return acts.act(act -> {
      followUp(act, spare);
      List<Stored> rows = keys.rows(act.session());
      Stored current = only(rows, "current").orElseThrow();
      String wanted = kid.orElse(current.kid());
      Optional<Stored> found =
          rows.stream()
              .filter(row -> row.kid().equals(wanted) && !row.state().equals("distrusted"))
              .findFirst();
      return found.isEmpty()
          ? Optional.<Distrusted>empty()
          : Optional.of(distrust(act, rows, found.get(), KeyNotes.why(by, reason), spare));
    });
  }

  private Distrusted distrust(
      Act act, List<Stored> rows, Stored key, Map<String, ?> why, Deque<TokenKey> spare)
      throws SQLException {
    boolean signs = key.state().equals("current");
    Stored current = only(rows, "current").orElseThrow();
    String heir = signs ? only(rows, "next").orElseThrow().kid() : current.kid();
    long now = keys.distrust(act, key, signs ? Optional.of(heir) : Optional.empty(), why);
    followUp(act, spare);
    return new Distrusted(
        key.kid(),
        heir,
        key.signsFrom(),
        end(rows, key).orElse(now),
        key.until().orElse(act.at().plus(timing.longestToken())));
  }

  /** Where the next key began: rows are judged by the keys of their own place in the ledger. */
  private static Optional<Long> end(List<Stored> rows, Stored key) {
    return rows.stream()
        .flatMap(row -> row.signsFrom().stream())
        .filter(start -> key.signsFrom().filter(own -> start > own).isPresent())
        .min(Long::compare);
  }
}
