package dev.writ.broker.api;

import dev.writ.broker.exchange.Authentication.Why;
import dev.writ.broker.exchange.Claim;
import dev.writ.broker.exchange.Exchange;
import dev.writ.broker.exchange.Outcome;
import dev.writ.broker.exchange.TokenRequest;
import dev.writ.broker.http.Answer;
import dev.writ.broker.http.Call;
import dev.writ.broker.http.Routes;
import dev.writ.broker.ledger.LedgerUnavailable;
import dev.writ.broker.store.DatabaseUnavailable;
import dev.writ.policy.Requests;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The exchange in clients' own formats: {@code GET /v1/credentials/aws} answers as AWS SDKs'
 * container credential provider reads it, {@code POST /v1/credentials/git} speaks git's credential
 * protocol. An answer names its writ in {@code Writ-Id}.
 */
final class CredentialEndpoints {
  private static final Logger log = LoggerFactory.getLogger(CredentialEndpoints.class);

  private static final String NO_AGENT =
      "Connect with the X.509-SVID as client certificate, or send Authorization: DPoP with the JWT-SVID and a DPoP proof.";

  private final Exchange exchange;
  private final Set<String> gitHubHosts;
  private final Tally tally;
  private final TokenAnswers oauth;
  private final TokenAnswers container;

  CredentialEndpoints(Exchange exchange, Set<String> gitHubHosts, Tally tally, Clock clock) {
    this.exchange = exchange;
    this.tally = tally;
    this.gitHubHosts = Set.copyOf(gitHubHosts);
    this.oauth = TokenAnswers.oauth(clock);
    this.container = TokenAnswers.container(clock);
  }

  void routes(Routes routes) {
    routes.get("/v1/credentials/aws", this::aws).post("/v1/credentials/git", this::git);
  }

  private Answer aws(Call call) {
    List<String> roles = call.query().getOrDefault("role", List.of());
    return roles.size() == 1
        ? exchange(
            call,
            new TokenRequest(
                Requests.resource(roles.get(0), Set.of()), Optional.empty(), Optional.empty()),
            container,
            AwsFormat::container)
        : malformed(call, container, "role: name the role's ARN, once, in the query.");
  }

  private Answer git(Call call) {
    return switch (GitFormat.read(call.body(), gitHubHosts)) {
      case GitFormat.Unfit(String text) -> malformed(call, oauth, text);
      case GitFormat.Wanted(List<dev.writ.policy.Asked> asked) ->
          exchange(
              call,
              new TokenRequest(asked, Optional.empty(), Optional.empty()),
              oauth,
              GitFormat::credential);
    };
  }

  private Answer malformed(Call call, TokenAnswers errors, String text) {
    Outcome malformed = new Outcome.Malformed(text);
    tally.count(malformed, call);
    return errors.of(malformed);
  }

  private Answer exchange(
      Call call,
      TokenRequest request,
      TokenAnswers errors,
      Function<Outcome.Issued, Answer> format) {
    Optional<Claim> claim = claim(call);
    if (claim.isEmpty()) {
      tally.count(new Outcome.Unauthenticated(Why.NO_PROOF, NO_AGENT), call);
      return errors.notAuthenticated(NO_AGENT);
    }
    try {
      Outcome outcome = exchange.exchange(Callers.credentials(call), claim.get(), request);
      tally.count(outcome, call);
      return switch (outcome) {
        case Outcome.Issued issued ->
            format.apply(issued).secret().with("Writ-Id", issued.writ().toString());
        case Outcome.Unauthenticated refused -> errors.notAuthenticated(refused.text());
        case Outcome refused -> errors.of(refused);
      };
    } catch (LedgerUnavailable | DatabaseUnavailable unavailable) {
      log.warn("No exchange: {}", unavailable.getMessage());
      tally.unavailable();
      return errors.unavailable();
    }
  }

  private static Optional<Claim> claim(Call call) {
    List<String> authorization = call.headers("authorization");
    if (authorization.isEmpty()) {
      return Optional.of(new Claim.Header(Optional.empty()));
    }
    return Optional.of(authorization.get(0))
        .filter(value -> authorization.size() == 1 && value.regionMatches(true, 0, "DPoP ", 0, 5))
        .map(value -> new Claim.Header(Optional.of(value.substring(5).strip())));
  }
}
