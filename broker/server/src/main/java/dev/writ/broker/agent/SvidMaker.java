package dev.writ.broker.agent;

import dev.writ.broker.token.JwtSvids;
import dev.writ.broker.trust.Csr;
import dev.writ.broker.trust.SpiffeId;
import dev.writ.broker.trust.SvidIssuer;
import dev.writ.broker.trust.TrustDomain;
import dev.writ.broker.trust.X509Svid;
import java.time.Instant;
import java.util.function.Supplier;

/** Makes the pair of SVIDs for one key: the certificate, and the token that ends with it. */
public final class SvidMaker {
  private final TrustDomain domain;
  private final Supplier<SvidIssuer> certificates;
  private final JwtSvids tokens;

  /**
   * @param certificates the node's intermediate of the moment
   */
  public SvidMaker(TrustDomain domain, Supplier<SvidIssuer> certificates, JwtSvids tokens) {
    this.domain = domain;
    this.certificates = certificates;
    this.tokens = tokens;
  }

  Enrolled.Svids make(AgentRecord agent, Csr.Ok csr, Instant now) {
    SpiffeId id = new SpiffeId(domain, agent.id());
    X509Svid certificate = certificates.get().x509(id, csr.key(), agent.expiresAt());
    Instant end = certificate.notAfter();
    String token = tokens.issue(id, csr.jkt(), now, end).text();
    return new Enrolled.Svids(certificate, token, end);
  }
}
