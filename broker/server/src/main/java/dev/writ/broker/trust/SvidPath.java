package dev.writ.broker.trust;

import dev.writ.broker.keys.P256;
import dev.writ.broker.trust.ClientCertificates.Reason;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.cert.CertPathValidator;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateFactory;
import java.security.cert.CertificateParsingException;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What about a chain does not change with time: signatures and name constraints (PKIX, RFC 5280
 * section 6) up to a root, and the X.509-SVID profile of its first certificate.
 */
final class SvidPath {

  /** Leaf, intermediate and, from clients that send them, the root and its voucher. */
  private static final int MAX_PRESENTED = 4;

  private static final int LEAF_AND_INTERMEDIATE = 2;
  private static final String CLIENT_AUTH = "1.3.6.1.5.5.7.3.2";
  private static final int DIGITAL_SIGNATURE = 0;
  private static final int KEY_CERT_SIGN = 5;
  private static final int CRL_SIGN = 6;

  sealed interface Result {}

  /** A chain of ours; only dates and distrust remain to be judged. */
  record Checked(SpiffeId id, String jkt, Instant notBefore, Instant notAfter, String issuerKeyId)
      implements Result {}

  record Unfit(Reason reason, String text) implements Result {}

  private final TrustDomain domain;
  private final Set<X509Certificate> roots;

  /** What is signed by them is, whichever of their certificates comes along. */
  private final Set<PublicKey> rootKeys;

  SvidPath(TrustDomain domain, List<X509Certificate> roots) {
    this.domain = domain;
    this.roots = Set.copyOf(roots);
    this.rootKeys =
        roots.stream().map(X509Certificate::getPublicKey).collect(Collectors.toUnmodifiableSet());
  }

  Result check(List<X509Certificate> presented) {
    if (presented.size() > MAX_PRESENTED) {
      return foreign();
    }
    List<X509Certificate> chain =
        presented.stream().filter(one -> !rootKeys.contains(one.getPublicKey())).toList();
    if (chain.size() != LEAF_AND_INTERMEDIATE) {
      return foreign();
    }
    X509Certificate leaf = chain.get(0);
    X509Certificate intermediate = chain.get(1);
    Instant notAfter = earlier(leaf.getNotAfter(), intermediate.getNotAfter());
    Instant notBefore = later(leaf.getNotBefore(), intermediate.getNotBefore());
    if (notBefore.isAfter(notAfter) || !leadsToRoot(chain, notAfter)) {
      return foreign();
    }
    Optional<SpiffeId> id = spiffeId(leaf);
    Optional<ECPublicKey> key = P256.of(leaf.getPublicKey());
    if (id.isEmpty() || key.isEmpty() || !isClientLeaf(leaf)) {
      return new Unfit(
          Reason.NOT_AN_SVID,
          "This certificate is no agent's X.509-SVID of " + domain + ": enrol, and present that");
    }
    return new Checked(
        id.get(),
        P256.thumbprint(key.get()),
        notBefore,
        notAfter,
        Certificates.keyId(intermediate.getPublicKey()));
  }

  /**
   * At an instant when all are valid: an expired chain of ours is still told from a foreign one.
   */
  private boolean leadsToRoot(List<X509Certificate> chain, Instant at) {
    try {
      Set<TrustAnchor> anchors = new HashSet<>();
      roots.forEach(root -> anchors.add(new TrustAnchor(root, null)));
      PKIXParameters parameters = new PKIXParameters(anchors);
      parameters.setRevocationEnabled(false);
      parameters.setDate(Date.from(at));
      CertPathValidator.getInstance("PKIX")
          .validate(CertificateFactory.getInstance("X.509").generateCertPath(chain), parameters);
      return true;
    } catch (CertPathValidatorException | IndexOutOfBoundsException e) {
      return false; // the JDK's checks of names index into what the certificate says
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("PKIX is not available", e);
    }
  }

  /** Exactly one name, a URI (X.509-SVID section 2), in this trust domain. */
  private Optional<SpiffeId> spiffeId(X509Certificate leaf) {
    try {
      if (leaf.getSubjectAlternativeNames() == null
          || leaf.getSubjectAlternativeNames().size() != 1) {
        return Optional.empty();
      }
    } catch (CertificateParsingException e) {
      return Optional.empty();
    }
    List<String> uris = new ArrayList<>(Profile.uris(leaf));
    return uris.size() != 1
        ? Optional.empty()
        : SpiffeId.parse(uris.get(0)).filter(id -> id.trustDomain().equals(domain));
  }

  private static boolean isClientLeaf(X509Certificate leaf) {
    boolean[] usage = leaf.getKeyUsage();
    try {
      List<String> purposes = leaf.getExtendedKeyUsage();
      return leaf.getBasicConstraints() < 0
          && usage != null
          && usage[DIGITAL_SIGNATURE]
          && !usage[KEY_CERT_SIGN]
          && !usage[CRL_SIGN]
          && purposes != null
          && purposes.contains(CLIENT_AUTH);
    } catch (CertificateParsingException e) {
      return false;
    }
  }

  private Unfit foreign() {
    return new Unfit(
        Reason.FOREIGN,
        "This certificate was not issued under the root of "
            + domain
            + ", or its intermediate is missing: present the whole x509_svid chain");
  }

  private static Instant earlier(Date one, Date other) {
    return one.before(other) ? one.toInstant() : other.toInstant();
  }

  private static Instant later(Date one, Date other) {
    return one.after(other) ? one.toInstant() : other.toInstant();
  }
}
