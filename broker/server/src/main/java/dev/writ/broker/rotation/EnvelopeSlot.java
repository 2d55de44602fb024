package dev.writ.broker.rotation;

import dev.writ.broker.authority.Snapshots;
import dev.writ.broker.authority.TokenKeys;
import dev.writ.broker.exchange.SealContext;
import dev.writ.broker.keys.KeyException;
import dev.writ.broker.keys.KeyProviders;
import dev.writ.broker.keys.KeyRef;
import dev.writ.broker.keys.KeySlot;
import dev.writ.broker.keys.Sealer;
import dev.writ.broker.keys.TokenKey;
import dev.writ.broker.ledger.Acts;
import dev.writ.broker.ledger.Acts.Note;
import dev.writ.broker.store.Database;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** The key that seals what the database keeps. */
public final class EnvelopeSlot implements Slot {
  private static final Duration LIMIT = Duration.ofSeconds(30);

  /** Nodes look every second, and one that was not heard of for so long has lost its lease. */
  private static final Duration EVERYBODY_KNOWS = Duration.ofSeconds(15);

  private final KeyProviders providers;
  private final KeyRef place;
  private final Sealer envelope;
  private final Database database;
  private final Acts acts;
  private final Snapshots snapshots;
  private final List<TokenKeys> sealed;
  private final Optional<Duration> rotateAfter;
  private final InstantSource clock;

  /**
   * @param sealed the keys whose private halves it seals
   */
  public EnvelopeSlot(
      KeyProviders providers,
      KeyRef place,
      Sealer envelope,
      Database database,
      Acts acts,
      Snapshots snapshots,
      List<TokenKeys> sealed,
      Optional<Duration> rotateAfter,
      InstantSource clock) {
    this.providers = providers;
    this.place = place;
    this.envelope = envelope;
    this.database = database;
    this.acts = acts;
    this.snapshots = snapshots;
    this.sealed = List.copyOf(sealed);
    this.rotateAfter = rotateAfter;
    this.clock = clock;
  }

  @Override
  public String id() {
    return "envelope";
  }

  private Instant since() {
    return database.autoCommit(session ->
        session.one("SELECT envelope_since FROM deployment", row -> row.instant("envelope_since")));
  }

  @Override
  public SlotView view() {
    Instant since = since();
    return new SlotView(
        id(),
        "seals the token keys, and GitHub tokens that are kept to be ended",
        place.toString(),
        List.of(new SlotView.Version(envelope.id(), "current", since, Optional.empty())),
        rotateAfter,
        rotateAfter.map(since::plus),
        Optional.empty());
  }

  @Override
  public Outcome rotate(boolean now, String by) {
    Optional<String> byPeople = renew();
    int resealed = resealAll();
    if (byPeople.isPresent() && resealed == 0) {
      return new Outcome.Refused(byPeople.get());
    }
    record("promote", by, "");
    return new Outcome.Done(
        "rotated",
        envelope.id(),
        "Everything that the database keeps is sealed by its newest version.",
        Map.of("sealed_anew", resealed),
        List.of(
            "Retire the older versions (writ key retire envelope), backups being the reason not to."));
  }

  private Optional<String> renew() {
    Optional<String> forPeople = Optional.empty();
    try {
      providers.renew(place);
    } catch (KeyException refused) {
      forPeople = Optional.of(refused.getMessage());
    }
    envelope.lookForNewest();
    return forPeople;
  }

  /** Seals anew what an older version sealed, by rows, so that nobody waits for all. */
  private int resealAll() {
    record Sealed(String slot, String kid, byte[] sealed) {}
    int count = 0;
    List<Sealed> keys =
        database.autoCommit(session ->
            session.list(
                "SELECT slot, kid, sealed FROM signing_key WHERE sealed IS NOT NULL",
                row -> new Sealed(row.string("slot"), row.string("kid"), row.bytes("sealed"))));
    for (Sealed key : keys) {
      KeySlot slot =
          Arrays.stream(KeySlot.values())
              .filter(one -> one.id().equals(key.slot()))
              .findFirst()
              .orElseThrow();
      Optional<byte[]> anew = envelope.reseal(key.sealed(), TokenKey.context(slot, key.kid()));
      if (anew.isPresent()) {
        count +=
            database.autoCommit(session ->
                session.update(
                    "UPDATE signing_key SET sealed = ? WHERE kid = ? AND sealed = ?",
                    anew.get(),
                    key.kid(),
                    key.sealed()));
      }
    }
    return count + resealHeld();
  }

  private int resealHeld() {
    record Held(UUID writ, byte[] sealed) {}
    int count = 0;
    List<Held> all =
        database.autoCommit(
            LIMIT,
            session ->
                session.list(
                    "SELECT writ, sealed FROM held",
                    row -> new Held(row.uuid("writ"), row.bytes("sealed"))));
    for (Held one : all) {
      Optional<byte[]> anew = envelope.reseal(one.sealed(), SealContext.held(one.writ()));
      if (anew.isPresent()) {
        count +=
            database.autoCommit(session ->
                session.update(
                    "UPDATE held SET sealed = ? WHERE writ = ? AND sealed = ?",
                    anew.get(),
                    one.writ(),
                    one.sealed()));
      }
    }
    return count;
  }

  @Override
  public Outcome retire(Optional<String> version, String by) {
    Instant everybodyKnows = since().plus(EVERYBODY_KNOWS);
    if (clock.instant().isBefore(everybodyKnows)) {
      return new Outcome.Refused(
          "Until %s a node may yet seal by an older version. Retire it then."
              .formatted(everybodyKnows));
    }
    resealAll();
    try {
      providers.forgetOlder(place);
    } catch (KeyException forPeople) {
      return new Outcome.Refused(forPeople.getMessage());
    }
    record("retire", by, "");
    return new Outcome.Done(
        "retired",
        envelope.id(),
        "Only its newest version is left. Backups of the database from before the rotation cannot be opened with it.",
        Map.of(),
        List.of());
  }

  @Override
  public Outcome compromise(Optional<String> version, String reason, String by) {
    Optional<String> byPeople = renew();
    int resealed = resealAll();
    if (byPeople.isPresent() && resealed == 0) {
      return new Outcome.Refused("Nothing has changed. " + byPeople.get());
    }
    record("distrust", by, reason);
    Map<String, Object> figures = new LinkedHashMap<>();
    figures.put("sealed_anew", resealed);
    figures.put("token_keys_distrusted", distrustSealed(reason, by));
    figures.put("held_tokens_ended", endHeld(by));
    snapshots.refresh();
    return new Outcome.Done(
        "compromised",
        envelope.id(),
        "All that it sealed is taken for known: the keys it sealed are distrusted, the tokens it sealed are being ended.",
        figures,
        List.of(
            "Whoever has the old version and reads the database or a backup from before now can open what was sealed"
                + " then: have every resource server fetch the JWKS now.",
            "Give up the old versions: writ key retire envelope.",
            "See also what is left to do after writ key compromise token and sts: docs/runbook.md."));
  }

  /** The successors first, for they were sealed by it, too. */
  private int distrustSealed(String reason, String by) {
    int count = 0;
    for (TokenKeys keys : sealed) {
      Optional<String> next =
          snapshots.refresh().keys(keys.slot()).schedule().next().map(one -> one.key().kid());
      if (next.isPresent() && keys.distrust(acts, next, reason, by).isPresent()) {
        count++;
      }
      if (keys.distrust(acts, Optional.empty(), reason, by).isPresent()) {
        count++;
      }
    }
    return count;
  }

  private int endHeld(String by) {
    return database.inTransaction(
        LIMIT,
        session -> {
          session.update(
              "UPDATE writ w SET state = 'ended', ended_at = clock_timestamp(), ended_by = ?"
                  + " FROM held h WHERE h.writ = w.id AND w.state = 'live'",
              by);
          return session.update("UPDATE held SET due = clock_timestamp() WHERE due < dies_at");
        });
  }

  private void record(String what, String by, String reason) {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("slot", id());
    body.put("act", what);
    body.put("kid", envelope.id());
    body.put("by", by);
    if (!reason.isEmpty()) {
      body.put("reason", reason);
    }
    acts.act(act -> {
      if (!what.equals("retire")) {
        act.session().update("UPDATE deployment SET envelope_since = ?", act.at());
      }
      return act.recordChange(Note.of("key", body));
    });
  }
}
