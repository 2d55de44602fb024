package dev.writ.broker.exchange;

import dev.writ.broker.agent.Alarms;
import dev.writ.broker.exchange.Recorded.Rejected;
import dev.writ.broker.exchange.Recorded.Told;
import dev.writ.broker.keys.KeyException;
import dev.writ.broker.keys.Sealer;
import dev.writ.broker.ledger.LedgerUnavailable;
import dev.writ.broker.ledger.LedgerWriter;
import dev.writ.broker.ledger.Row.Hold;
import dev.writ.broker.ledger.Row.WritState;
import dev.writ.broker.ledger.Verdict;
import dev.writ.broker.trace.Trace;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts on record what a target answered. A credential leaves only if the agent may still have it
 * and its row is durable; otherwise it is ended at the target and withheld.
 */
final class Closer {
  private static final Logger log = LoggerFactory.getLogger(Closer.class);

  private final LedgerWriter ledger;
  private final OpenIntents open;
  private final Sealer envelope;
  private final Leftovers leftovers;
  private final Alarms alarms;
  private final Clock clock;

  Closer(
      LedgerWriter ledger,
      OpenIntents open,
      Sealer envelope,
      Leftovers leftovers,
      Alarms alarms,
      Clock clock) {
    this.ledger = ledger;
    this.open = open;
    this.envelope = envelope;
    this.leftovers = leftovers;
    this.alarms = alarms;
    this.clock = clock;
  }

  /** Told by the exchange how a minted credential would be judged now. */
  @FunctionalInterface
  interface Rejudge {
    /** The same grant on a fresh basis; empty if it is no longer allowed. */
    Optional<Grant> again(Grant grant);
  }

  Recorded close(Intent intent, Minted minted, Minter minter, Rejudge rejudge) {
    Grant grant = intent.grant();
    try (var _ = Trace.step("close")) {
      return switch (minted) {
        case Minted.Issued issued -> issued(grant, issued, minter, rejudge);
        case Minted.TooWide(Minted.Issued issued, String what) ->
            tooWide(grant, issued, what, minter);
        case Minted.Refused(String reason) ->
            told(grant, WritState.REFUSED, reason, new Outcome.TargetRefused(reason));
        case Minted.Exhausted(String reason, Instant until) ->
            told(grant, WritState.REFUSED, reason, new Outcome.Exhausted(reason, until));
        case Minted.Unavailable(String reason) ->
            told(grant, WritState.REFUSED, reason, new Outcome.TargetFailed(reason));
        case Minted.Unknown(String reason) ->
            told(grant, WritState.UNKNOWN, reason, new Outcome.TargetFailed(reason));
      };
    } finally {
      open.remove(grant.writ());
    }
  }

  private Recorded issued(Grant grant, Minted.Issued issued, Minter minter, Rejudge rejudge) {
    Verdict verdict;
    try {
      verdict = append(grant, issued, minter, rejudge);
    } catch (LedgerUnavailable unavailable) {
      leftovers.add(new Leftovers.Leftover(grant, issued, minter));
      throw unavailable;
    } catch (KeyException unsealable) {
      return unkept(grant, issued, minter, unsealable);
    }
    if (verdict instanceof Verdict.Appended) {
      return new Told(Recorder.outcome(grant.writ(), issued));
    }
    withhold(grant, issued, minter, Map.of());
    return new Rejected(verdict);
  }

  /** What cannot be kept, to be ended when its writ ends, nobody gets: it is ended now. */
  private Recorded unkept(
      Grant grant, Minted.Issued issued, Minter minter, KeyException unsealable) {
    log.error(
        "The credential of writ {} cannot be sealed, so nobody gets it: {}",
        grant.writ(),
        unsealable.getMessage());
    leftovers.add(new Leftovers.Leftover(grant, issued, minter));
    return new Told(
        new Outcome.TargetFailed(
            "The broker cannot keep the credential until its end, for its envelope key cannot be used now. Nobody gets it; it is being ended."));
  }

  /** Judged anew as long as what it is judged by changes, but not for ever. */
  private Verdict append(Grant grant, Minted.Issued issued, Minter minter, Rejudge rejudge) {
    Hold hold = hold(grant, issued, minter, issued.expiresAt());
    Verdict verdict = ledger.append(GrantRows.close(grant, issued, hold));
    for (int attempt = 1;
        attempt < Exchange.ATTEMPTS && verdict instanceof Verdict.Stale;
        attempt++) {
      Optional<Grant> judged = rejudge.again(grant);
      if (judged.isEmpty()) {
        return verdict;
      }
      verdict = ledger.append(GrantRows.close(judged.get(), issued, hold));
    }
    return verdict;
  }

  private Recorded tooWide(Grant grant, Minted.Issued issued, String what, Minter minter) {
    Ending ending = withhold(grant, issued, minter, Map.of("too_wide", what));
    alarms.raise(
        grant.agent().record(),
        minter.name() + " gave writ " + grant.writ() + " more than it was asked for: " + what);
    String then =
        switch (ending) {
          case Ending.Revoked _ -> "it was ended";
          case Ending.DiesAt(Instant at, String _) -> "it ends by itself at " + at;
          case Ending.Unknown _ -> "it will be ended";
        };
    return new Told(
        new Outcome.TargetFailed(
            "The target gave more than it was asked for. Nobody gets that; %s, and its owner is told."
                .formatted(then)));
  }

  /**
   * Ends at the target what nobody may have, and says so; later, if the target or the ledger is
   * away.
   */
  private Ending withhold(
      Grant grant, Minted.Issued issued, Minter minter, Map<String, String> more) {
    Ending ending = minter.revoke(issued.held());
    try {
      Hold hold =
          ending instanceof Ending.Revoked ? null : hold(grant, issued, minter, clock.instant());
      ledger.append(GrantRows.withheld(grant, issued, ending, hold, more));
      return ending;
    } catch (LedgerUnavailable unavailable) {
      leftovers.add(new Leftovers.Leftover(grant, issued, minter));
      throw unavailable;
    } catch (KeyException unsealable) {
      leftovers.add(new Leftovers.Leftover(grant, issued, minter));
      return ending;
    }
  }

  private Recorded told(Grant grant, WritState state, String reason, Outcome outcome) {
    ledger.append(GrantRows.nothing(grant, state, reason));
    return new Told(outcome);
  }

  private @Nullable Hold hold(Grant grant, Minted.Issued issued, Minter minter, Instant due) {
    if (!issued.revocable()) {
      return null;
    }
    byte[] text = issued.secret().getBytes(StandardCharsets.UTF_8);
    return new Hold(
        minter.name(), envelope.seal(text, SealContext.held(grant.writ())), due, issued.diesAt());
  }
}
