package dev.writ.broker.rotation;

import dev.writ.broker.authority.KeyNotes;
import dev.writ.broker.authority.Snapshots;
import dev.writ.broker.authority.TokenKeys;
import dev.writ.broker.keys.KeyException;
import dev.writ.broker.keys.KeyProviders;
import dev.writ.broker.keys.KeyRef;
import dev.writ.broker.keys.Sealer;
import dev.writ.broker.ledger.Acts;
import dev.writ.broker.ledger.Acts.Note;
import dev.writ.broker.store.Database;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The key that seals what the database keeps. */
public final class EnvelopeSlot implements Slot {
  /** Nodes look every second, and one that was not heard of for so long has lost its lease. */
  private static final Duration EVERYBODY_KNOWS = Duration.ofSeconds(15);

  private final Parts parts;
  private final Resealing resealing;

  /**
   * What it works with.
   *
   * @param place of the key
   * @param sealed the keys whose private halves it seals
   */
  public record Parts(
      KeyProviders providers,
      KeyRef place,
      Sealer envelope,
      Database database,
      Acts acts,
      Snapshots snapshots,
      List<TokenKeys> sealed,
      Optional<Duration> rotateAfter,
      InstantSource clock) {}

  public EnvelopeSlot(Parts parts) {
    this.parts = parts;
    this.resealing = new Resealing(parts.database, parts.envelope);
  }

  @Override
  public String id() {
    return "envelope";
  }

  private Instant since() {
    return parts.database.autoCommit(session ->
        session.one("SELECT envelope_since FROM deployment", row -> row.instant("envelope_since")));
  }

  @Override
  public SlotView view() {
    Instant since = since();
    return new SlotView(
        id(),
        "seals the token keys, and GitHub tokens that are kept to be ended",
        parts.place.toString(),
        List.of(new SlotView.Version(parts.envelope.id(), "current", since, Optional.empty())),
        parts.rotateAfter,
        parts.rotateAfter.map(since::plus),
        Optional.empty());
  }

  @Override
  public Outcome rotate(boolean now, String by) {
    int count;
    try {
      count = sealAnew();
    } catch (KeyException cannot) {
      return new Outcome.Refused(cannot.getMessage());
    }
    recordNewest("promote", KeyNotes.why(by, ""));
    return new Outcome.Done(
        "rotated",
        parts.envelope.id(),
        "Everything that the database keeps is sealed by its newest version.",
        Map.of("sealed_anew", count),
        List.of(
            "Retire the older versions (writ key retire envelope), backups being the reason not to."));
  }

  /**
   * Makes the next version and seals all by it. Where only people can make it, theirs is used.
   *
   * @return how much an older version had sealed
   * @throws KeyException if there is no newer version, or if the key cannot be had
   */
  private int sealAnew() {
    Optional<KeyException> forPeople = Optional.empty();
    try {
      parts.providers.renew(parts.place);
    } catch (KeyException refused) {
      forPeople = Optional.of(refused);
    }
    parts.envelope.lookForNewest();
    int count = resealing.all();
    if (count == 0 && forPeople.isPresent()) {
      throw forPeople.get();
    }
    return count;
  }

  @Override
  public Outcome retire(Optional<String> version, String by) {
    Instant everybodyKnows = since().plus(EVERYBODY_KNOWS);
    if (parts.clock.instant().isBefore(everybodyKnows)) {
      return new Outcome.Refused(
          "Until %s a node may yet seal by an older version. Retire it then."
              .formatted(everybodyKnows));
    }
    resealing.all();
    try {
      parts.providers.forgetOlder(parts.place);
    } catch (KeyException forPeople) {
      return new Outcome.Refused(forPeople.getMessage());
    }
    parts.acts.act(act -> act.recordChange(note("retire", KeyNotes.why(by, ""))));
    return new Outcome.Done(
        "retired",
        parts.envelope.id(),
        "Only its newest version is left. Backups of the database from before the rotation cannot be opened with it.",
        Map.of(),
        List.of());
  }

  @Override
  public Outcome compromise(Optional<String> version, String reason, String by) {
    int count;
    try {
      count = sealAnew();
    } catch (KeyException cannot) {
      return new Outcome.Refused("It is not replaced yet. " + cannot.getMessage());
    }
    recordNewest("distrust", KeyNotes.why(by, reason));
    Map<String, Object> figures = new LinkedHashMap<>();
    figures.put("sealed_anew", count);
    figures.put("token_keys_distrusted", distrustSealed(reason, by));
    figures.put("held_tokens_ended", HeldTokens.end(parts.database, by).tokens());
    parts.snapshots.refresh();
    return new Outcome.Done(
        "compromised",
        parts.envelope.id(),
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
    for (TokenKeys keys : parts.sealed) {
      Optional<String> next =
          parts.snapshots.refresh().keys(keys.slot()).schedule().next().map(one -> one.key().kid());
      if (next.isPresent() && keys.distrust(parts.acts, next, reason, by).isPresent()) {
        count++;
      }
      if (keys.distrust(parts.acts, Optional.empty(), reason, by).isPresent()) {
        count++;
      }
    }
    return count;
  }

  /** The newest version is the one that is used from now on. */
  private void recordNewest(String what, Map<String, ?> why) {
    parts.acts.act(act -> {
      act.session().update("UPDATE deployment SET envelope_since = ?", act.at());
      return act.recordChange(note(what, why));
    });
  }

  private Note note(String what, Map<String, ?> why) {
    return KeyNotes.note(id(), what, parts.envelope.id(), why);
  }
}
