package dev.writ.broker.rotation;

import dev.writ.broker.access.OperatorToken;
import dev.writ.broker.authority.KeyNotes;
import dev.writ.broker.ledger.Acts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The operator token of the node that is asked. */
public final class OperatorTokenSlot implements Slot {
  /** For a command that has read the file and not called yet. */
  private static final Duration OVERLAP = Duration.ofMinutes(5);

  private final OperatorToken token;
  private final Acts acts;
  private final Optional<Duration> rotateAfter;
  private final InstantSource clock;

  public OperatorTokenSlot(
      OperatorToken token, Acts acts, Optional<Duration> rotateAfter, InstantSource clock) {
    this.token = token;
    this.acts = acts;
    this.rotateAfter = rotateAfter;
    this.clock = clock;
  }

  @Override
  public String id() {
    return "operator-token";
  }

  @Override
  public SlotView view() {
    List<SlotView.Version> versions = new ArrayList<>();
    versions.add(new SlotView.Version(token.id(), "current", token.since(), Optional.empty()));
    Instant until = token.formerUntil();
    if (clock.instant().isBefore(until)) {
      versions.add(
          new SlotView.Version(
              "the one before", "retired", until.minus(OVERLAP), Optional.of(until)));
    }
    return new SlotView(
        id(),
        "opens this node to whoever is on its machine, while no launcher is configured",
        token.file().toString(),
        versions,
        rotateAfter,
        rotateAfter.map(token.since()::plus),
        Optional.empty());
  }

  @Override
  public Outcome rotate(boolean now, String by) {
    replace(OVERLAP, "promote", by, "");
    return new Outcome.Done(
        "rotated",
        token.id(),
        "The file has a fresh token. The one before is good for five more minutes.",
        Map.of(),
        List.of());
  }

  @Override
  public Outcome retire(Optional<String> version, String by) {
    if (!clock.instant().isBefore(token.formerUntil())) {
      return new Outcome.Refused("There is no former token that is still good.");
    }
    token.endFormer();
    record("retire", by, "");
    return new Outcome.Done(
        "retired", token.id(), "The token before is refused from now on.", Map.of(), List.of());
  }

  @Override
  public Outcome compromise(Optional<String> version, String reason, String by) {
    Instant since = token.since();
    replace(Duration.ZERO, "distrust", by, reason);
    token.endFormer();
    return new Outcome.Done(
        "compromised",
        token.id(),
        "The file has a fresh token, and the one before is refused from now on.",
        Map.of(),
        List.of(
            "What it was used for since "
                + since
                + " is in the ledger under \"operator\": look at agents launched by it, and at policies it changed.",
            "Other nodes have tokens of their own."));
  }

  private void replace(Duration overlap, String act, String by, String reason) {
    try {
      token.replace(overlap);
    } catch (IOException failed) {
      throw new UncheckedIOException(token.file() + " cannot be written", failed);
    }
    record(act, by, reason);
  }

  private void record(String what, String by, String reason) {
    acts.act(act -> act.record(KeyNotes.note(id(), what, token.id(), KeyNotes.why(by, reason))));
  }

  /** Replaces it when its time has come. */
  public void upkeep() {
    if (rotateAfter.filter(age -> clock.instant().isAfter(token.since().plus(age))).isPresent()) {
      replace(OVERLAP, "promote", "", "");
    }
  }
}
