package dev.writ.broker.trust;

import dev.writ.broker.keys.KeyException;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.cert.X509v3CertificateBuilder;

/** Issues agents' X.509-SVIDs under a node's intermediate. Safe for use by many threads. */
public final class SvidIssuer {

  private static final Duration LIFE_MAX = Duration.ofHours(1);

  /** No CN: an identity stands in the URI alone, and a CN is read as a DNS name by some. */
  private static final X500Name SUBJECT = new X500Name("O=Writ,OU=agent");

  private final TrustDomain domain;
  private final Intermediate intermediate;
  private final X500Name issuer;
  private final InstantSource clock;
  private final Duration life;

  SvidIssuer(TrustDomain domain, Intermediate intermediate, InstantSource clock, Duration life) {
    if (life.compareTo(LIFE_MAX) > 0 || life.compareTo(Duration.ofSeconds(1)) < 0) {
      throw new IllegalArgumentException("An SVID lives 1 second to 1 hour, not " + life);
    }
    this.domain = domain;
    this.intermediate = intermediate;
    this.issuer =
        X500Name.getInstance(intermediate.certificate().getSubjectX500Principal().getEncoded());
    this.clock = clock;
    this.life = life;
  }

  /** The key id of the intermediate, as {@link ClientCertificates} reports and distrusts it. */
  public String id() {
    return intermediate.key().id();
  }

  public X509Certificate certificate() {
    return intermediate.certificate();
  }

  /** From when on the node should make itself a new intermediate; this one still issues. */
  public Instant renewAt() {
    return intermediate.renewAt();
  }

  /**
   * Issues an SVID that ends at {@code agentEnd}, after the SVID life, or with the intermediate,
   * whichever comes first, in whole seconds.
   *
   * @throws IllegalArgumentException if the identity is of another trust domain
   * @throws KeyException if less than a second of life is left
   */
  public X509Svid x509(SpiffeId id, ECPublicKey key, Instant agentEnd) {
    if (!id.trustDomain().equals(domain)) {
      throw new IllegalArgumentException(id + " is not of the trust domain " + domain);
    }
    Instant now = clock.instant();
    Instant end = earliest(earliest(now.plus(life), agentEnd), intermediate.notAfter());
    if (!now.isBefore(end.minusSeconds(1))) {
      throw new KeyException("An SVID would end at %s: now it is %s".formatted(end, now));
    }
    X509v3CertificateBuilder builder = Certificates.builder(issuer, now, end, SUBJECT, key);
    Profile.svid(builder, id, key, intermediate.certificate());
    X509Certificate leaf = Certificates.sign(builder, intermediate.key());
    return new X509Svid(id, intermediate.chain(leaf));
  }

  private static Instant earliest(Instant one, Instant other) {
    return one.isBefore(other) ? one : other;
  }
}
