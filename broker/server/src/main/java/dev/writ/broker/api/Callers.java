package dev.writ.broker.api;

import dev.writ.broker.access.Caller;
import dev.writ.broker.access.Launchers;
import dev.writ.broker.access.OperatorToken;
import dev.writ.broker.access.Recognised;
import dev.writ.broker.agent.Objections;
import dev.writ.broker.authority.Snapshot;
import dev.writ.broker.authority.Snapshots;
import dev.writ.broker.exchange.Agent;
import dev.writ.broker.exchange.Authentication;
import dev.writ.broker.exchange.Authentication.Authenticated;
import dev.writ.broker.exchange.Authentication.Unauthenticated;
import dev.writ.broker.exchange.Authenticator;
import dev.writ.broker.exchange.Credentials;
import dev.writ.broker.http.Answer;
import dev.writ.broker.http.Call;
import dev.writ.broker.http.Endpoint;
import dev.writ.broker.http.Problem;
import dev.writ.broker.ledger.Objection;
import dev.writ.broker.ledger.ProofSlots;
import dev.writ.broker.metrics.Unproven;
import dev.writ.broker.store.Database;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;

/** Finds out who calls an endpoint other than the token endpoint. */
final class Callers {
  private static final String CHALLENGE = "Bearer, DPoP algs=\"ES256\"";
  private static final String REPLAYED =
      "The DPoP proof was used before. Make a new one for each request.";

  private final Launchers launchers;
  private final OperatorToken operator;
  private final Authenticator agents;
  private final Snapshots snapshots;
  private final Database database;
  private final Strangers strangers;

  Callers(
      Launchers launchers,
      OperatorToken operator,
      Authenticator agents,
      Snapshots snapshots,
      Database database,
      Strangers strangers) {
    this.launchers = launchers;
    this.operator = operator;
    this.agents = agents;
    this.snapshots = snapshots;
    this.database = database;
    this.strangers = strangers;
  }

  /**
   * Somebody known.
   *
   * @param agent the proof, when an agent calls; it was live a moment ago
   */
  record Known(Caller caller, Optional<Agent> agent) {}

  /** An endpoint for known callers; others get 401. */
  Endpoint known(BiFunction<Call, Known, Answer> endpoint) {
    return call ->
        switch (identify(call)) {
          case Identified(Known known) -> endpoint.apply(call, known);
          case Stranger(Answer answer) -> answer;
        };
  }

  sealed interface Identity {}

  record Identified(Known known) implements Identity {}

  record Stranger(Answer answer) implements Identity, Renewing {}

  Identity identify(Call call) {
    List<String> authorization = call.headers("authorization");
    if (authorization.size() > 1) {
      return stranger(call, Unproven.SCHEME, "There is more than one Authorization header.");
    }
    if (authorization.isEmpty()) {
      return call.certificates().isEmpty()
          ? stranger(
              call,
              Unproven.NO_CREDENTIAL,
              "Log in: send Authorization: Bearer with an access token, or connect as an agent with its SVID.")
          : agent(call, Optional.empty());
    }
    String[] parts = authorization.get(0).split(" ", 2);
    String credential = parts.length == 2 ? parts[1].strip() : "";
    return switch (parts[0].toLowerCase(java.util.Locale.ROOT)) {
      case "bearer" -> bearer(call, credential);
      case "dpop" -> agent(call, Optional.of(credential));
      default ->
          stranger(
              call,
              Unproven.SCHEME,
              "This Authorization scheme is not known here; use Bearer or DPoP.");
    };
  }

  private Identity bearer(Call call, String token) {
    if (launchers.none()) {
      return operator.matches(token) && call.from().isLoopbackAddress()
          ? identified(new Caller.Operator())
          : stranger(
              call,
              Unproven.OPERATOR_TOKEN,
              "This is not the operator token of this broker, or it does not come from this machine.");
    }
    return switch (launchers.recognise(token)) {
      case Recognised.Known(Caller caller) -> identified(caller);
      case Recognised.Refused(String reason) ->
          stranger(call, Unproven.ACCESS_TOKEN, "Not logged in: " + reason + ".");
      case Recognised.Unavailable(String reason) ->
          new Stranger(Problem.unavailable("Nobody can be recognised now: " + reason + "."));
    };
  }

  /** What the caller may do is judged by the owners of now. */
  private Identity identified(Caller caller) {
    snapshots.present();
    return new Identified(new Known(caller, Optional.empty()));
  }

  private Identity agent(Call call, Optional<String> token) {
    return switch (authenticate(call, token)) {
      case Unauthenticated refused -> stranger(call, Tally.of(refused.why()), refused.text());
      case Authenticated(Agent agent) -> living(call, agent);
    };
  }

  /**
   * By keys that are trusted now: no append judges what is asked here, so whoever was recognised by
   * an old copy of the keys is looked at again by a fresh one.
   */
  private Authentication authenticate(Call call, Optional<String> token) {
    Snapshot held = snapshots.current();
    Authentication found = agents.authenticate(credentials(call), token, held);
    if (found instanceof Unauthenticated) {
      return found;
    }
    Snapshot present = snapshots.present();
    return present == held ? found : agents.authenticate(credentials(call), token, present);
  }

  sealed interface Renewing permits Proven, Stranger {}

  /**
   * A sender that holds a key which was certified for the agent; whether that key may still renew
   * is judged elsewhere.
   *
   * @param dpop that it was proven by DPoP, which does not cover the body
   */
  record Proven(Agent agent, boolean dpop) implements Renewing {}

  /** Who renews: an agent by its certificate, or by DPoP with its JWT-SVID. */
  Renewing renewing(Call call) {
    List<String> authorization = call.headers("authorization");
    Optional<String> token =
        authorization.stream()
            .filter(value -> value.regionMatches(true, 0, "DPoP ", 0, 5))
            .map(value -> value.substring(5).strip())
            .findFirst();
    if (authorization.size() != (token.isPresent() ? 1 : 0)
        || (token.isEmpty() && call.certificates().isEmpty())) {
      return stranger(
          call,
          Unproven.NO_CREDENTIAL,
          "Send the enrolment token (Authorization: Bearer), connect with the present SVID, or send Authorization: DPoP"
              + " with the JWT-SVID.");
    }
    return switch (authenticate(call, token)) {
      case Unauthenticated refused -> stranger(call, Tally.of(refused.why()), refused.text());
      case Authenticated(Agent agent) ->
          ProofSlots.use(database, agent.proven())
              ? new Proven(agent, token.isPresent())
              : stranger(call, Unproven.REPLAYED, REPLAYED);
    };
  }

  private Identity living(Call call, Agent agent) {
    Optional<Objection> objection =
        Objections.find(database, agent.id(), Optional.of(agent.proven().jkt()));
    if (objection.isPresent()) {
      return stranger(call, Unproven.ENDED, Objections.sentence(objection.get()));
    }
    return ProofSlots.use(database, agent.proven())
        ? new Identified(new Known(new Caller.OfAgent(agent.id()), Optional.of(agent)))
        : stranger(call, Unproven.REPLAYED, REPLAYED);
  }

  static Credentials credentials(Call call) {
    return new Credentials(call.certificates(), call.headers("dpop"), call.method(), call.path());
  }

  private Stranger stranger(Call call, Unproven reason, String detail) {
    strangers.turnedAway(reason, call);
    return new Stranger(unauthorized(detail));
  }

  static Answer unauthorized(String detail) {
    return Problem.unauthorized(detail, CHALLENGE);
  }
}
