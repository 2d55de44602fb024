package dev.writ.broker.authority;

import dev.writ.broker.authority.KeptKey.State;
import dev.writ.broker.ledger.Acts.Act;
import dev.writ.broker.store.Row;
import dev.writ.broker.store.Session;
import dev.writ.broker.trust.Certificates;
import java.security.cert.X509Certificate;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The rows of {@code kept_key}, and each change to them with its row in the ledger. */
public final class KeptKeys {
  private KeptKeys() {}

  /** All but those that are spent, by slot, newest first. */
  public static Map<String, List<KeptKey>> all(Session session) throws SQLException {
    Map<String, List<KeptKey>> bySlot = new LinkedHashMap<>();
    session
        .list(
            "SELECT slot, id, state, certificate, cross_certificate, ordered, since, needed_until"
                + " FROM kept_key WHERE state <> 'spent' ORDER BY slot, since DESC, id",
            KeptKeys::read)
        .forEach(key -> bySlot.computeIfAbsent(key.slot(), slot -> new ArrayList<>()).add(key));
    return bySlot;
  }

  private static KeptKey read(Row row) throws SQLException {
    return new KeptKey(
        row.string("slot"),
        row.string("id"),
        State.valueOf(row.string("state").toUpperCase(Locale.ROOT)),
        row.findString("certificate").map(KeptKeys::certificate),
        row.findString("cross_certificate").map(KeptKeys::certificate),
        row.instant("since"),
        row.bool("ordered"),
        row.findInstant("needed_until"));
  }

  private static X509Certificate certificate(String pem) {
    return Certificates.parsePem(pem).get(0);
  }

  /** Every key that the slot ever had. */
  public static Set<String> known(Session session, String slot) throws SQLException {
    return Set.copyOf(
        session.list("SELECT id FROM kept_key WHERE slot = ?", row -> row.string("id"), slot));
  }

  /**
   * A key that the slot never had: its first one, or the successor of the present one.
   *
   * @param state {@link State#CURRENT} or {@link State#NEXT}
   */
  public static void publish(
      Act act,
      String slot,
      String id,
      State state,
      Optional<X509Certificate> certificate,
      Optional<X509Certificate> cross,
      Map<String, ?> why)
      throws SQLException {
    long sequence = act.recordChange(KeyNotes.note(slot, "publish", id, why));
    act.session()
        .update(
            "INSERT INTO kept_key (slot, id, state, certificate, cross_certificate, since, changed)"
                + " VALUES (?, ?, ?, ?, ?, ?, ?)",
            slot,
            id,
            word(state),
            certificate.map(one -> Certificates.pem(List.of(one))),
            cross.map(one -> Certificates.pem(List.of(one))),
            act.at(),
            sequence);
  }

  /** The successor is to be used as soon as it may. */
  public static void order(Act act, KeptKey next, Map<String, ?> why) throws SQLException {
    long sequence = act.recordChange(KeyNotes.note(next.slot(), "schedule", next.id(), why));
    act.session()
        .update(
            "UPDATE kept_key SET ordered = true, changed = ? WHERE slot = ? AND id = ?",
            sequence,
            next.slot(),
            next.id());
  }

  /** The successor is used from now on, the key before it no more. */
  public static void promote(
      Act act, KeptKey current, KeptKey next, Instant neededUntil, Map<String, ?> why)
      throws SQLException {
    long sequence = act.recordChange(KeyNotes.note(next.slot(), "promote", next.id(), why));
    become(act, current, State.RETIRED, Optional.of(neededUntil), sequence);
    become(act, next, State.CURRENT, Optional.empty(), sequence);
  }

  /** Nothing depends on a former key any more. */
  public static void retire(Act act, KeptKey former, Map<String, ?> why) throws SQLException {
    long sequence = act.recordChange(KeyNotes.note(former.slot(), "retire", former.id(), why));
    become(act, former, State.SPENT, Optional.empty(), sequence);
  }

  /** Ends all trust in a key; an heir is used from now on if that was the one in use. */
  public static void distrust(Act act, KeptKey key, Optional<KeptKey> heir, Map<String, ?> why)
      throws SQLException {
    long sequence = act.recordChange(KeyNotes.note(key.slot(), "distrust", key.id(), why));
    become(act, key, State.DISTRUSTED, Optional.empty(), sequence);
    if (heir.isPresent()) {
      become(act, heir.get(), State.CURRENT, Optional.empty(), sequence);
    }
  }

  private static void become(
      Act act, KeptKey key, State state, Optional<Instant> neededUntil, long sequence)
      throws SQLException {
    act.session()
        .update(
            "UPDATE kept_key SET state = ?, ordered = false, since = ?, needed_until = ?, changed = ?"
                + " WHERE slot = ? AND id = ?",
            word(state),
            act.at(),
            neededUntil,
            sequence,
            key.slot(),
            key.id());
  }

  private static String word(State state) {
    return state.name().toLowerCase(Locale.ROOT);
  }
}
