package dev.writ.broker.authority;

import dev.writ.broker.keys.KeySchedule;
import dev.writ.broker.keys.KeySchedule.Current;
import dev.writ.broker.keys.KeySchedule.Retired;
import dev.writ.broker.keys.KeySchedule.Successor;
import dev.writ.broker.keys.KeySlot;
import dev.writ.broker.keys.TokenKey;
import dev.writ.broker.keys.VerificationKey;
import dev.writ.broker.ledger.Acts.Act;
import dev.writ.broker.ledger.Acts.Note;
import dev.writ.broker.store.Row;
import dev.writ.broker.store.Session;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** One slot's rows of {@code signing_key}, and each change to them with its row in the ledger. */
final class SigningKeys {
  private final KeySlot slot;

  SigningKeys(KeySlot slot) {
    this.slot = slot;
  }

  /**
   * A row.
   *
   * @param sealed the private half; only of keys that sign or will
   * @param ordered to sign as soon as it may
   * @param until of a retired key, when nothing it signed lives any more
   * @param signsFrom sequence from which on it signed
   */
  record Stored(
      String state,
      VerificationKey key,
      Optional<byte[]> sealed,
      Instant since,
      boolean ordered,
      Optional<Instant> until,
      Optional<Long> signsFrom) {

    String kid() {
      return key.kid();
    }
  }

  /** All but those that are spent, newest first. */
  List<Stored> rows(Session session) throws SQLException {
    return session.list(
        "SELECT state, certificate, sealed, since, ordered, verifies_until, signs_from"
            + " FROM signing_key WHERE slot = ? AND state <> 'spent' ORDER BY since DESC",
        SigningKeys::stored,
        slot.id());
  }

  private static Stored stored(Row row) throws SQLException {
    return new Stored(
        row.string("state"),
        VerificationKey.ofCertificate(row.bytes("certificate")),
        row.findBytes("sealed"),
        row.instant("since"),
        row.bool("ordered"),
        row.findInstant("verifies_until"),
        row.findLongInteger("signs_from"));
  }

  static Optional<Stored> only(List<Stored> rows, String state) {
    return rows.stream().filter(row -> row.state().equals(state)).findFirst();
  }

  KeySchedule schedule(List<Stored> rows, Stored current) {
    Set<String> distrusted = new HashSet<>();
    rows.stream()
        .filter(row -> row.state().equals("distrusted"))
        .forEach(row -> distrusted.add(row.kid()));
    List<Retired> retired =
        rows.stream()
            .filter(row -> row.state().equals("retired"))
            .map(row -> new Retired(row.key(), row.until().orElse(Instant.MAX)))
            .toList();
    return new KeySchedule(
        slot,
        new Current(current.key(), current.since()),
        only(rows, "next").map(row -> new Successor(row.key(), row.since(), row.ordered())),
        retired,
        distrusted);
  }

  /** A key that nobody has seen yet, as the one that signs or as the successor. */
  void publish(Act act, TokenKey key, String state) throws SQLException {
    long sequence = act.recordChange(note("publish", key.kid(), Map.of()));
    act.session()
        .update(
            "INSERT INTO signing_key (kid, slot, state, certificate, sealed, since, signs_from, changed)"
                + " VALUES (?, ?, ?, ?, ?, ?, CASE ? WHEN 'current' THEN ? END, ?)",
            key.kid(),
            slot.id(),
            state,
            key.verification().certificate(),
            key.sealed(),
            act.at(),
            state,
            sequence,
            sequence);
  }

  /** The successor signs from now on; what the key before it signed is good until then. */
  void promote(Act act, KeySchedule schedule, Instant verifiesUntil, Map<String, ?> why)
      throws SQLException {
    String heir = schedule.next().orElseThrow().key().kid();
    long sequence = act.recordChange(note("promote", heir, why));
    act.session()
        .update(
            "UPDATE signing_key SET state = 'retired', sealed = NULL, verifies_until = ?, changed = ?"
                + " WHERE kid = ?",
            verifiesUntil,
            sequence,
            schedule.current().key().kid());
    sign(act, heir, sequence);
  }

  private static void sign(Act act, String kid, long sequence) throws SQLException {
    act.session()
        .update(
            "UPDATE signing_key SET state = 'current', since = ?, ordered = false, signs_from = ?, changed = ?"
                + " WHERE kid = ?",
            act.at(),
            sequence,
            sequence,
            kid);
  }

  /** The successor is to sign as soon as it may. */
  void order(Act act, String kid, Map<String, ?> why) throws SQLException {
    long sequence = act.recordChange(note("schedule", kid, why));
    act.session()
        .update("UPDATE signing_key SET ordered = true, changed = ? WHERE kid = ?", sequence, kid);
  }

  /**
   * Ends all trust in a key; if it is the one that signs, another one does from here on.
   *
   * @return the sequence from which on nothing is signed by it
   */
  long distrust(Act act, Stored key, Optional<String> heir, Map<String, ?> why)
      throws SQLException {
    long sequence = act.recordChange(note("distrust", key.kid(), why));
    act.session()
        .update(
            "UPDATE signing_key SET state = 'distrusted', sealed = NULL, ordered = false, changed = ?"
                + " WHERE kid = ?",
            sequence,
            key.kid());
    if (heir.isPresent()) {
      sign(act, heir.get(), sequence);
    }
    return sequence;
  }

  /** Forgets the private half, and in time the key, of what nothing lives any more. */
  void spend(Act act) throws SQLException {
    act.session()
        .update(
            "UPDATE signing_key SET state = 'spent', sealed = NULL"
                + " WHERE slot = ? AND state = 'retired' AND verifies_until <= ?",
            slot.id(),
            act.at());
  }

  private Note note(String what, String kid, Map<String, ?> why) {
    return KeyNotes.note(slot.id(), what, kid, why);
  }
}
