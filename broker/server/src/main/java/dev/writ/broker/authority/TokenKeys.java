package dev.writ.broker.authority;

import dev.writ.broker.keys.KeyRing;
import dev.writ.broker.keys.KeySchedule;
import dev.writ.broker.keys.KeySchedule.Current;
import dev.writ.broker.keys.KeySchedule.Retired;
import dev.writ.broker.keys.KeySchedule.Successor;
import dev.writ.broker.keys.KeySlot;
import dev.writ.broker.keys.Sealer;
import dev.writ.broker.keys.TokenKey;
import dev.writ.broker.keys.VerificationKey;
import dev.writ.broker.ledger.Acts;
import dev.writ.broker.ledger.Acts.Act;
import dev.writ.broker.ledger.Acts.Note;
import dev.writ.broker.store.Row;
import dev.writ.broker.store.Session;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The keys of one slot in the database, private halves sealed under the envelope key. The first
 * node of a deployment makes the first key; every node keeps a successor published and promotes it
 * when it is ripe and the age is reached.
 */
public final class TokenKeys {
  private final KeySlot slot;
  private final Sealer envelope;
  private final KeySchedule.Timing timing;
  private final Duration rotateAfter;

  /**
   * @param timing how long ahead a successor is published, and the longest life of what a key signs
   * @param rotateAfter the age at which a ripe successor takes over
   */
  public TokenKeys(KeySlot slot, Sealer envelope, KeySchedule.Timing timing, Duration rotateAfter) {
    this.slot = slot;
    this.envelope = envelope;
    this.timing = timing;
    this.rotateAfter = rotateAfter;
  }

  public KeySlot slot() {
    return slot;
  }

  private record Stored(
      String state,
      VerificationKey key,
      Optional<byte[]> sealed,
      Instant since,
      Optional<Instant> until) {}

  /** The ring as the session sees it; empty before {@link #upkeep} first ran. */
  Optional<KeyRing> load(Session session) throws SQLException {
    List<Stored> rows = rows(session);
    Optional<Stored> current = only(rows, "current");
    if (current.isEmpty()) {
      return Optional.empty();
    }
    Stored signing = current.get();
    byte[] sealed =
        signing.sealed().orElseThrow(() -> new SQLException("the current key has no private half"));
    TokenKey signer = TokenKey.open(slot, signing.key().certificate(), sealed, envelope);
    return Optional.of(KeyRing.of(schedule(rows, signing), signer));
  }

  /**
   * Makes the first key, publishes a successor, promotes it when due, forgets what is spent. Safe
   * to be called by every node at any time.
   */
  public void upkeep(Acts acts) {
    // Before the ledger is locked: the envelope's keeper may have to be asked, and be slow.
    TokenKey first = TokenKey.generate(slot, envelope, Instant.now());
    TokenKey second = TokenKey.generate(slot, envelope, Instant.now());
    acts.act(act -> {
      List<Stored> rows = rows(act.session());
      if (only(rows, "current").isEmpty()) {
        insert(act, "current", first);
      } else {
        promoteWhenDue(act, schedule(rows, only(rows, "current").get()));
      }
      if (only(rows(act.session()), "next").isEmpty()) {
        insert(act, "next", second);
      }
      act.session()
          .update(
              "UPDATE signing_key SET state = 'spent', sealed = NULL"
                  + " WHERE slot = ? AND state = 'retired' AND verifies_until <= ?",
              slot.id(),
              act.at());
      return slot;
    });
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
        .map(next -> next.ripeAt(timing))
        .filter(ripe -> ripe.isAfter(aged))
        .orElse(aged);
  }

  private boolean due(KeySchedule schedule, Instant now) {
    return schedule.next().isPresent() && !now.isBefore(dueAt(schedule));
  }

  private void promoteWhenDue(Act act, KeySchedule schedule) throws SQLException {
    if (due(schedule, act.at())
        && schedule.promote(act.at(), timing) instanceof KeySchedule.Promotion.Promoted promoted) {
      String retired = schedule.current().key().kid();
      String current = promoted.schedule().current().key().kid();
      long sequence = act.recordChange(note("promote", current));
      act.session()
          .update(
              "UPDATE signing_key SET state = 'retired', sealed = NULL, verifies_until = ?, changed = ? WHERE kid = ?",
              act.at().plus(timing.longestToken()),
              sequence,
              retired);
      act.session()
          .update(
              "UPDATE signing_key SET state = 'current', since = ?, changed = ? WHERE kid = ?",
              act.at(),
              sequence,
              current);
    }
  }

  private void insert(Act act, String state, TokenKey key) throws SQLException {
    long sequence = act.recordChange(note("publish", key.kid()));
    act.session()
        .update(
            "INSERT INTO signing_key (kid, slot, state, certificate, sealed, since, changed) VALUES (?, ?, ?, ?, ?, ?, ?)",
            key.kid(),
            slot.id(),
            state,
            key.verification().certificate(),
            key.sealed(),
            act.at(),
            sequence);
  }

  private Note note(String what, String kid) {
    return Note.of("key", Map.of("slot", slot.id(), "act", what, "kid", kid));
  }

  private List<Stored> rows(Session session) throws SQLException {
    return session.list(
        "SELECT state, certificate, sealed, since, verifies_until FROM signing_key"
            + " WHERE slot = ? AND state <> 'spent' ORDER BY since DESC",
        TokenKeys::stored,
        slot.id());
  }

  private static Stored stored(Row row) throws SQLException {
    return new Stored(
        row.string("state"),
        VerificationKey.ofCertificate(row.bytes("certificate")),
        row.findBytes("sealed"),
        row.instant("since"),
        row.findInstant("verifies_until"));
  }

  private static Optional<Stored> only(List<Stored> rows, String state) {
    return rows.stream().filter(row -> row.state().equals(state)).findFirst();
  }

  private KeySchedule schedule(List<Stored> rows, Stored current) {
    Set<String> distrusted = new HashSet<>();
    rows.stream()
        .filter(row -> row.state().equals("distrusted"))
        .forEach(row -> distrusted.add(row.key().kid()));
    List<Retired> retired =
        rows.stream()
            .filter(row -> row.state().equals("retired"))
            .map(row -> new Retired(row.key(), row.until().orElse(Instant.MAX)))
            .toList();
    return new KeySchedule(
        slot,
        new Current(current.key(), current.since()),
        only(rows, "next").map(row -> new Successor(row.key(), row.since())),
        retired,
        distrusted);
  }
}
