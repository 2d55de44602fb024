package dev.writ.broker.api;

import dev.writ.broker.access.Bindings;
import dev.writ.broker.access.Launchers;
import dev.writ.broker.access.OperatorToken;
import dev.writ.broker.agent.Authorities;
import dev.writ.broker.agent.Enrolling;
import dev.writ.broker.agent.HandOver;
import dev.writ.broker.agent.Launching;
import dev.writ.broker.agent.Lifecycle;
import dev.writ.broker.agent.Reenrolling;
import dev.writ.broker.agent.Rights;
import dev.writ.broker.authority.OwnerBook;
import dev.writ.broker.authority.PolicyBook;
import dev.writ.broker.authority.Snapshots;
import dev.writ.broker.blame.Blame;
import dev.writ.broker.doctor.Doctor;
import dev.writ.broker.exchange.Authenticator;
import dev.writ.broker.exchange.Exchange;
import dev.writ.broker.github.RepositoryBindings;
import dev.writ.broker.http.Routes;
import dev.writ.broker.ledger.Acts;
import dev.writ.broker.metrics.Metrics;
import dev.writ.broker.rotation.Slots;
import dev.writ.broker.store.Database;
import dev.writ.broker.token.AccessTokenVerifier;
import dev.writ.broker.trust.TrustDomain;
import dev.writ.broker.writ.Revocations;
import dev.writ.broker.writ.Revoking;
import dev.writ.broker.writ.WritResults;
import dev.writ.policy.Bounds;
import java.net.URI;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/** The whole wire contract as routes. */
public final class Api {
  private final Routes routes = new Routes();
  private final DiscoveryEndpoints discovery;

  /** What the endpoints work with. */
  public record Parts(
      URI issuer,
      TrustDomain trustDomain,
      Supplier<List<X509Certificate>> roots,
      Database database,
      Snapshots snapshots,
      Launchers launchers,
      OperatorToken operator,
      Authenticator authenticator,
      Rights rights,
      Exchange exchange,
      Launching launching,
      Enrolling enrolling,
      Lifecycle lifecycle,
      Reenrolling reenrolling,
      HandOver handOver,
      PolicyBook policies,
      OwnerBook owners,
      Runnable realmHint,
      Bounds bounds,
      Acts acts,
      Authorities authorities,
      AccessTokenVerifier accessTokens,
      Map<String, Set<String>> resourceServers,
      GitHosts gitHosts,
      Metrics metrics,
      Revocations revocations,
      RepositoryBindings repositories,
      Bindings users,
      Doctor doctor,
      Slots slots,
      Clock clock) {}

  public Api(Parts parts) {
    Strangers strangers = new Strangers(parts.metrics);
    Tally tally = new Tally(parts.metrics, strangers);
    Callers callers =
        new Callers(
            parts.launchers,
            parts.operator,
            parts.authenticator,
            parts.snapshots,
            parts.database,
            strangers);
    discovery =
        new DiscoveryEndpoints(
            parts.issuer, parts.snapshots, parts.roots, parts.launchers.issuers());
    discovery.routes(routes);
    new OpenApiEndpoint().routes(routes);
    routes.post(
        "/token",
        OAuthErrors.STANDARD.guarding(
            new TokenEndpoint(
                parts.exchange,
                new TokenForm(parts.gitHosts),
                new TokenAnswers(parts.clock, OAuthErrors.STANDARD),
                tally),
            tally::unavailable));
    new CredentialEndpoints(parts.exchange, parts.gitHosts, tally, parts.clock).routes(routes);
    routes.post("/v1/svid", new SvidEndpoint(parts.enrolling, callers, strangers, discovery::pem));
    AgentView view = new AgentView(parts.trustDomain);
    new AgentEndpoints(
            callers,
            new AgentEndpoints.Parts(
                parts.database,
                parts.snapshots,
                parts.rights,
                parts.launching,
                parts.lifecycle,
                parts.reenrolling,
                parts.handOver,
                new WritResults(parts.database, parts.revocations),
                view,
                discovery::pem,
                parts.clock))
        .routes(routes);
    new PolicyEndpoints(
            callers, parts.rights, parts.policies, parts.database, parts.snapshots, parts.bounds)
        .routes(routes);
    routes.post("/v1/policies/poll", new PollEndpoint(parts.realmHint));
    new OwnerEndpoints(callers, parts.rights, parts.owners, parts.snapshots, parts.clock)
        .routes(routes);
    new SelfEndpoint(
            callers,
            parts.snapshots,
            parts.authorities,
            parts.database,
            parts.trustDomain,
            parts.clock)
        .routes(routes);
    new WritEndpoints(
            callers,
            parts.rights,
            parts.snapshots,
            parts.database,
            new Revoking(parts.acts, parts.revocations),
            parts.clock)
        .routes(routes);
    new GitHubEndpoints(callers, parts.rights, parts.repositories).routes(routes);
    new UserEndpoints(callers, parts.rights, parts.users).routes(routes);
    new KeyEndpoints(callers, parts.rights, parts.slots, parts.clock).routes(routes);
    new DoctorEndpoint(callers, parts.rights, parts.doctor).routes(routes);
    new IntrospectEndpoint(
            callers, parts.resourceServers, parts.accessTokens, parts.database, parts.clock)
        .routes(routes);
    new BlameEndpoint(
            callers,
            parts.rights,
            parts.snapshots,
            new Blame(parts.database, parts.snapshots, parts.clock),
            parts.trustDomain,
            parts.clock)
        .routes(routes);
  }

  public Routes routes() {
    return routes;
  }

  /** The X.509 trust bundle, PEM. */
  public String bundle() {
    return discovery.pem();
  }
}
