package dev.writ.broker.trust;

import dev.writ.broker.keys.KeyException;
import dev.writ.broker.keys.Signer;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.cert.X509v3CertificateBuilder;

/**
 * The trust domain's X.509 root: a key behind a {@link Signer} and its one self-signed certificate,
 * which the first node makes and every node loads. It signs intermediates only.
 */
public final class Root {

  private static final Duration LIFE = Duration.ofDays(3_650);

  /** How long a node uses one intermediate key. */
  public static final Duration INTERMEDIATE_USE = Duration.ofHours(24);

  /** What is issued last must not outlive its issuer. */
  public static final Duration INTERMEDIATE_LIFE = Duration.ofHours(26);

  private final Signer signer;
  private final TrustDomain domain;
  private final X509Certificate certificate;
  private final Optional<X509Certificate> cross;

  private Root(
      Signer signer,
      TrustDomain domain,
      X509Certificate certificate,
      Optional<X509Certificate> cross) {
    this.signer = signer;
    this.domain = domain;
    this.certificate = certificate;
    this.cross = cross;
  }

  /** Makes the certificate of a new trust domain, or of a new root of an old one. */
  public static Root create(Signer signer, TrustDomain domain, Instant now) {
    X500Name name = Certificates.authorityName(domain, "root", signer.publicKey());
    X509v3CertificateBuilder builder =
        Certificates.builder(name, now, now.plus(LIFE), name, signer.publicKey());
    Profile.root(builder, domain, signer.publicKey());
    return new Root(signer, domain, Certificates.sign(builder, signer), Optional.empty());
  }

  /**
   * Vouches for the root that follows: an authority's certificate for its name and key, by this
   * one's key, which ends with this one.
   */
  public X509Certificate vouchFor(X509Certificate successor, Instant now) {
    Instant end = certificate.getNotAfter().toInstant();
    Instant theirs = successor.getNotAfter().toInstant();
    X509v3CertificateBuilder builder =
        Certificates.builder(
            name(certificate),
            now,
            end.isBefore(theirs) ? end : theirs,
            name(successor),
            successor.getPublicKey());
    Profile.crossCertified(builder, domain, successor.getPublicKey(), certificate);
    return Certificates.sign(builder, signer);
  }

  private static X500Name name(X509Certificate authority) {
    return X500Name.getInstance(authority.getSubjectX500Principal().getEncoded());
  }

  /**
   * Takes up a stored certificate.
   *
   * @param cross the same key as the root before it vouches for it; goes along with what it issues
   * @throws KeyException if it is of another key or of another trust domain
   */
  public static Root load(
      Signer signer,
      TrustDomain domain,
      X509Certificate certificate,
      Optional<X509Certificate> cross) {
    if (!Certificates.keyId(certificate.getPublicKey()).equals(signer.id())) {
      throw new KeyException(
          ("The stored root certificate is of the key %s, keys.root is %s: copy the root key of the"
                  + " other nodes here")
              .formatted(Certificates.keyId(certificate.getPublicKey()), signer.id()));
    }
    if (!Profile.uris(certificate).contains(domain.id())) {
      throw new KeyException(
          "The stored root certificate is not of the trust domain %s: set trust-domain to that of"
                  .formatted(domain)
              + " the other nodes");
    }
    try {
      certificate.verify(signer.publicKey());
    } catch (GeneralSecurityException e) {
      throw new KeyException("The stored root certificate is not signed by its own key", e);
    }
    return new Root(signer, domain, certificate, cross);
  }

  /** {@link Signer#id()} of its key. */
  public String id() {
    return signer.id();
  }

  public TrustDomain trustDomain() {
    return domain;
  }

  public X509Certificate certificate() {
    return certificate;
  }

  /** Its certificate, and what leads to the root before it while that is trusted. */
  public List<X509Certificate> chain() {
    return Stream.concat(Stream.of(certificate), cross.stream()).toList();
  }

  /**
   * A new intermediate of this node for agents' SVIDs, its key in memory only, good for the trust
   * domain's URIs and nothing else.
   *
   * @param svidLife the longest life of an SVID, at most an hour
   */
  public SvidIssuer svidIssuer(InstantSource clock, Duration svidLife) {
    return new SvidIssuer(
        domain, intermediate(clock.instant(), "agents", Names.agents(domain)), clock, svidLife);
  }

  /**
   * A new intermediate of this node for its own server certificate, good for these names and for no
   * URI.
   */
  public ServerCertificateIssuer serverIssuer(InstantSource clock, ServerNames names) {
    return new ServerCertificateIssuer(
        intermediate(clock.instant(), "server", Names.server(names)), names, clock);
  }

  Intermediate intermediate(Instant now, String role, Names names) {
    MemoryKey key = MemoryKey.generate();
    Instant end = certificate.getNotAfter().toInstant();
    Instant notAfter = now.plus(INTERMEDIATE_LIFE).truncatedTo(ChronoUnit.SECONDS);
    if (notAfter.isAfter(end)) {
      throw new KeyException(
          "The root certificate ends at %s: rotate it with writ key rotate root".formatted(end));
    }
    X500Name subject = Certificates.authorityName(domain, role, key.publicKey());
    X509v3CertificateBuilder builder =
        Certificates.builder(name(certificate), now, notAfter, subject, key.publicKey());
    Profile.intermediate(builder, domain, key.publicKey(), certificate, names);
    return new Intermediate(
        key,
        Certificates.sign(builder, signer),
        cross.stream().toList(),
        now.plus(INTERMEDIATE_USE),
        notAfter);
  }
}
