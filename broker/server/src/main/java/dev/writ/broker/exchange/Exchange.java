package dev.writ.broker.exchange;

import dev.writ.broker.agent.AgentCache;
import dev.writ.broker.agent.Alarms;
import dev.writ.broker.agent.Authorities;
import dev.writ.broker.authority.Snapshot;
import dev.writ.broker.authority.Snapshots;
import dev.writ.broker.exchange.Authentication.Authenticated;
import dev.writ.broker.exchange.Authentication.Unauthenticated;
import dev.writ.broker.exchange.Authentication.Why;
import dev.writ.broker.exchange.Recorded.Opened;
import dev.writ.broker.exchange.Recorded.Rejected;
import dev.writ.broker.exchange.Recorded.Told;
import dev.writ.broker.keys.Sealer;
import dev.writ.broker.ledger.LedgerUnavailable;
import dev.writ.broker.ledger.LedgerWriter;
import dev.writ.broker.ledger.Verdict;
import dev.writ.broker.token.AccessTokens;
import dev.writ.broker.trace.Trace;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The exchange, step by step; docs/exchange.md tells it in the same words. */
public final class Exchange {
  private static final Logger log = LoggerFactory.getLogger(Exchange.class);

  /** How often one request is judged anew when what it was judged by changes under it. */
  static final int ATTEMPTS = 4;

  private static final Outcome SLOW =
      new Outcome.TargetFailed("The target is being asked for the same already, and is slow.");

  private static final Outcome UNCONFIRMED =
      new Outcome.Unconfirmed(
          "Policies or owners are administered in Keycloak, and it has not confirmed them for longer than this broker"
              + " goes on without. Nothing is issued until it does; tell the operator.");

  private final Snapshots snapshots;
  private final AgentCache agents;
  private final Authenticator authenticator;
  private final Attenuator attenuator;
  private final Signer signer;
  private final Recorder recorder;
  private final Closer closer;
  private final Wallet wallet;
  private final Refusals refusals;
  private final Endings endings;

  /** What an exchange works with. */
  public record Parts(
      Snapshots snapshots,
      AgentCache agents,
      Authenticator authenticator,
      Authorities authorities,
      AccessTokens tokens,
      LedgerWriter ledger,
      OpenIntents open,
      Leftovers leftovers,
      Sealer envelope,
      Refusals refusals,
      Alarms alarms,
      Endings endings,
      List<Minter> minters,
      Duration credentialLifetimeMax,
      Clock clock) {}

  public Exchange(Parts parts) {
    this.snapshots = parts.snapshots;
    this.agents = parts.agents;
    this.authenticator = parts.authenticator;
    this.attenuator =
        new Attenuator(parts.authorities, parts.minters, parts.credentialLifetimeMax, parts.clock);
    this.signer = new Signer(parts.tokens, parts.clock);
    this.recorder = new Recorder(parts.ledger, parts.open);
    this.closer =
        new Closer(
            parts.ledger, parts.open, parts.envelope, parts.leftovers, parts.alarms, parts.clock);
    this.wallet = new Wallet(parts.clock);
    this.refusals = parts.refusals;
    this.endings = parts.endings;
  }

  /**
   * Exchanges an agent's proof of itself for a credential.
   *
   * @throws LedgerUnavailable if it cannot be put on record; nothing leaves then
   */
  public Outcome exchange(Credentials credentials, Claim claim, TokenRequest request) {
    Snapshot snapshot = snapshots.current();
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      switch (authenticator.authenticate(credentials, claim, snapshot)) {
        case Unauthenticated refused -> {
          return endings.explain(refused);
        }
        case Authenticated(Agent agent) -> {
          switch (issue(agent, credentials, claim, request)) {
            case Told(Outcome outcome) -> {
              return outcome;
            }
            case Rejected(Verdict.Stale _) -> {
              agents.forget(agent.id());
              snapshot = snapshots.refresh();
            }
            case Rejected(Verdict verdict) -> {
              return rejected(agent, verdict);
            }
            case Opened(Intent intent) ->
                throw new IllegalStateException(intent + " was left open");
          }
        }
      }
    }
    throw new LedgerUnavailable("what this request is judged by keeps changing");
  }

  private Recorded issue(Agent agent, Credentials credentials, Claim claim, TokenRequest request) {
    return switch (attenuator.attenuate(agent, request)) {
      // What was widened elsewhere a moment ago is not refused by an old copy.
      case Attenuated.Denied _ when outdated(agent) -> new Rejected(new Verdict.Stale());
      case Attenuated.Denied denied -> new Told(refuse(agent, denied));
      case Attenuated.NotConfigured(String target) ->
          new Told(refuse(agent, "not_configured", new Outcome.NotConfigured(target)));
      case Attenuated.WrongType(String text) ->
          new Told(refuse(agent, "wrong_type", new Outcome.Malformed(text)));
      case Attenuated.Local(Grant grant) -> recorder.release(signer.sign(grant));
      case Attenuated.Remote(Grant grant, Minter minter) ->
          switch (wallet.take(grant, minter)) {
            case Wallet.Kept kept -> again(grant, kept);
            case Wallet.Slow _ -> new Told(refuse(agent, "target_slow", SLOW));
            case Wallet.Turn turn -> {
              try (turn) {
                yield fresh(grant, minter, turn, now -> rejudge(now, credentials, claim, request));
              }
            }
          };
    };
  }

  private Recorded fresh(Grant grant, Minter minter, Wallet.Turn turn, Closer.Rejudge rejudge) {
    return switch (recorder.open(grant)) {
      case Opened(Intent intent) -> {
        Minted minted = mint(minter, intent);
        Recorded closed = closer.close(intent, minted, minter, rejudge);
        if (closed instanceof Told(Outcome.Issued _) && minted instanceof Minted.Issued issued) {
          turn.keep(grant.writ(), issued);
        }
        yield closed;
      }
      case Told told -> told;
      case Rejected rejected -> rejected;
    };
  }

  /** What was ended elsewhere is forgotten here, and the request is judged anew. */
  private Recorded again(Grant grant, Wallet.Kept kept) {
    Recorded recorded = recorder.again(grant, kept);
    if (recorded instanceof Rejected && !outdated(grant.agent())) {
      wallet.drop(kept);
    }
    return recorded;
  }

  private boolean outdated(Agent agent) {
    agents.forget(agent.id());
    return snapshots.refresh().sequence() != agent.snapshot().sequence()
        || agents.line(agent.id()).get(0).revision() != agent.record().revision();
  }

  /** A minter that breaks has perhaps asked: that is an unknown answer, and settled like one. */
  private static Minted mint(Minter minter, Intent intent) {
    try (var _ = Trace.step("mint")) {
      return minter.mint(intent);
    } catch (RuntimeException broken) {
      log.error("The minter of {} broke", intent, broken);
      return new Minted.Unknown("the target could not be asked");
    }
  }

  /**
   * The same grant by the state of now, or nothing: while the target was asked, something may have
   * been narrowed.
   */
  private Optional<Grant> rejudge(
      Grant grant, Credentials credentials, Claim claim, TokenRequest request) {
    agents.forget(grant.agent().id());
    Snapshot fresh = snapshots.refresh();
    if (authenticator.authenticate(credentials, claim, fresh) instanceof Authenticated(Agent agent)
        && attenuator.attenuate(agent, request) instanceof Attenuated.Remote(Grant now, Minter _)
        && now.allowed().equals(grant.allowed())) {
      return Optional.of(grant.judged(now));
    }
    return Optional.empty();
  }

  private Outcome refuse(Agent agent, Attenuated.Denied denied) {
    Optional<Outcome> ended = endings.of(agent);
    if (ended.isPresent()) {
      return refuse(agent, "ended", ended.get());
    }
    Map<String, Object> body = refusal(agent, denied.denial().code().word());
    body.put("policy", denied.policy());
    body.put("denial", denied.denial().details());
    return record(agent, body, new Outcome.Denied(denied.denial(), denied.policy()));
  }

  private Outcome refuse(Agent agent, String reason, Outcome outcome) {
    return record(agent, refusal(agent, reason), outcome);
  }

  private Outcome record(Agent agent, Map<String, Object> body, Outcome outcome) {
    return switch (refusals.record(agent.id(), agent.proof().row(), body)) {
      case TELL -> outcome;
      case REPLAYED -> replayed();
    };
  }

  private Outcome rejected(Agent agent, Verdict verdict) {
    return switch (verdict) {
      case Verdict.Objected(var objection) -> {
        agents.forget(agent.id());
        yield refuse(
            agent,
            objection.name().toLowerCase(java.util.Locale.ROOT),
            endings.of(agent, objection));
      }
      case Verdict.Replayed _ -> replayed();
      case Verdict.Unconfirmed _ -> refuse(agent, "unconfirmed", UNCONFIRMED);
      case Verdict.NotOpen _ ->
          new Outcome.TargetFailed("The request was given up by another node; ask again.");
      case Verdict.Stale _, Verdict.Appended _ ->
          throw new IllegalStateException(verdict.toString());
    };
  }

  private static Outcome replayed() {
    return new Outcome.Unauthenticated(
        Why.DPOP,
        "The DPoP proof was used before. Make a new one, with a new jti, for each request.");
  }

  private static Map<String, Object> refusal(Agent agent, String error) {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("kind", "refuse");
    body.put("agent", agent.id().toString());
    Bodies.putLineage(body, agent.record());
    body.put("error", error);
    body.put("jkt", agent.proof().jkt());
    return body;
  }
}
