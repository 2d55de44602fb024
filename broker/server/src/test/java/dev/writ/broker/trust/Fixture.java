package dev.writ.broker.trust;

import dev.writ.broker.keys.P256;
import dev.writ.broker.keys.TestKeys;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.X509v3CertificateBuilder;

/** A trust domain with one agent, for tests. */
final class Fixture {

  /** Real time, for openssl and java-spiffe look at the clock. */
  static final Instant NOW = Instant.now();

  static final TrustDomain DOMAIN = new TrustDomain("writ.local");
  static final SpiffeId AGENT =
      new SpiffeId(DOMAIN, UUID.fromString("0198c0de-0000-7000-8000-000000000001"));

  final Root root = Root.create(TestKeys.signer(), DOMAIN, NOW);
  final SvidIssuer issuer = root.svidIssuer(InstantSource.fixed(NOW), Duration.ofHours(1));
  final KeyPair agentKey = P256.generate();

  ECPublicKey agentPublic() {
    return (ECPublicKey) agentKey.getPublic();
  }

  X509Svid svid() {
    return issuer.x509(AGENT, agentPublic(), NOW.plus(Duration.ofHours(4)));
  }

  /** A certificate below an agents' intermediate of this root with whatever extensions. */
  List<X509Certificate> below(Consumer<Extensions> extensions) {
    return below(root.intermediate(NOW, "agents", Names.agents(DOMAIN)), extensions);
  }

  List<X509Certificate> below(Intermediate intermediate, Consumer<Extensions> extensions) {
    X509v3CertificateBuilder builder =
        Certificates.builder(
            X500Name.getInstance(intermediate.certificate().getSubjectX500Principal().getEncoded()),
            NOW,
            NOW.plus(Duration.ofHours(1)),
            new X500Name("O=Forged"),
            agentKey.getPublic());
    extensions.accept(new Extensions(builder));
    X509Certificate leaf = Certificates.sign(builder, intermediate.key());
    return List.of(leaf, intermediate.certificate());
  }

  /** Writes certificates as one PEM file. */
  static String write(Path directory, String name, List<X509Certificate> certificates)
      throws IOException {
    Files.writeString(
        directory.resolve(name), Certificates.pem(certificates), StandardCharsets.US_ASCII);
    return name;
  }

  /** A leaf's extensions, each as a test wants it. */
  record Extensions(X509v3CertificateBuilder builder) {

    /** As a good SVID, but for its names. */
    static Consumer<Extensions> svidNamed(GeneralName... names) {
      return leaf -> leaf.names(names).usage(KeyUsage.digitalSignature).purpose().authority(false);
    }

    static GeneralName uri(String uri) {
      return new GeneralName(GeneralName.uniformResourceIdentifier, uri);
    }

    Extensions names(GeneralName... names) {
      return add(Extension.subjectAlternativeName, new GeneralNames(names));
    }

    Extensions usage(int usage) {
      return add(Extension.keyUsage, new KeyUsage(usage));
    }

    Extensions purpose(KeyPurposeId... purposes) {
      KeyPurposeId[] some =
          purposes.length == 0 ? new KeyPurposeId[] {KeyPurposeId.id_kp_clientAuth} : purposes;
      return add(
          Extension.extendedKeyUsage, new ExtendedKeyUsage(Arrays.copyOf(some, some.length)));
    }

    Extensions authority(boolean is) {
      return add(Extension.basicConstraints, new BasicConstraints(is));
    }

    private Extensions add(
        org.bouncycastle.asn1.ASN1ObjectIdentifier kind,
        org.bouncycastle.asn1.ASN1Encodable value) {
      try {
        builder.addExtension(kind, true, value);
        return this;
      } catch (CertIOException e) {
        throw new AssertionError(e);
      }
    }
  }
}
