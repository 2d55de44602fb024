package dev.writ.broker.trust;

import dev.writ.broker.keys.P256;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.cert.X509v3CertificateBuilder;

/** Issues a broker's own server certificate from the trust domain. */
public final class ServerCertificateIssuer {

  private static final X500Name SUBJECT = new X500Name("O=Writ,OU=broker");
  private static final Duration MARGIN = Duration.ofMinutes(1);

  private final Intermediate intermediate;
  private final ServerNames names;
  private final InstantSource clock;

  ServerCertificateIssuer(Intermediate intermediate, ServerNames names, InstantSource clock) {
    this.intermediate = intermediate;
    this.names = names;
    this.clock = clock;
  }

  /** The key id of the intermediate. */
  public String id() {
    return intermediate.key().id();
  }

  public X509Certificate certificate() {
    return intermediate.certificate();
  }

  /** From when on the node should make itself a new intermediate and certificate. */
  public Instant renewAt() {
    return intermediate.renewAt();
  }

  /** A fresh key and its certificate, which ends just before the intermediate does. */
  public ServerIdentity issue() {
    KeyPair pair = P256.generate();
    X509v3CertificateBuilder builder =
        Certificates.builder(
            X500Name.getInstance(intermediate.certificate().getSubjectX500Principal().getEncoded()),
            clock.instant(),
            intermediate.notAfter().minus(MARGIN),
            SUBJECT,
            pair.getPublic());
    Profile.server(builder, names, pair.getPublic(), intermediate.certificate());
    X509Certificate leaf = Certificates.sign(builder, intermediate.key());
    return new ServerIdentity(pair.getPrivate(), intermediate.chain(leaf));
  }
}
