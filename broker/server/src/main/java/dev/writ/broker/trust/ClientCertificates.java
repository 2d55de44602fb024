package dev.writ.broker.trust;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.writ.broker.keys.Digests;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.function.Predicate;

/**
 * Judges the certificate that a client showed in the handshake, anew for each request: an SVID that
 * ended or whose issuer fell into distrust on an open connection is refused from that instant on.
 * Safe for use by many threads.
 */
public final class ClientCertificates {

  /** Chains whose signatures were checked; a chain that is dropped is checked again. */
  private static final int CACHED_CHAINS = 50_000;

  /** What became of a presented chain. */
  public sealed interface Judgement {}

  /**
   * A good SVID of this trust domain, its key proven by the handshake.
   *
   * @param jkt RFC 7638 thumbprint of its key
   * @param x5tS256 base64url SHA-256 of the certificate (RFC 8705 section 3.1)
   * @param notAfter the end of the SVID or of its issuer, whichever comes first
   * @param issuerKeyId {@link SvidIssuer#id()} of the intermediate
   */
  public record Proven(
      SpiffeId id, String jkt, String x5tS256, Instant notAfter, String issuerKeyId)
      implements Judgement {}

  /** An SVID of this trust domain that has ended, its key proven by the handshake. */
  public record Expired(SpiffeId id, String jkt, Instant notAfter, String issuerKeyId)
      implements Judgement {}

  /**
   * Anything else.
   *
   * @param text for the client: what was wrong and what to do
   */
  public record Refused(Reason reason, String text) implements Judgement {}

  /** Why a chain is refused. */
  public enum Reason {
    /** There is none. */
    MISSING,
    /** Not issued under this trust domain's root, or its chain is incomplete. */
    FOREIGN,
    /** Issued here but no agent's X.509-SVID. */
    NOT_AN_SVID,
    /** Its validity begins in the future. */
    NOT_YET_VALID,
    /** Its intermediate is trusted no more. */
    DISTRUSTED_ISSUER
  }

  private final SvidPath path;
  private final Predicate<String> distrustedIssuer;
  private final Cache<String, SvidPath.Checked> checked =
      Caffeine.newBuilder().maximumSize(CACHED_CHAINS).build();

  /** A connection shows the same object at each request, which need not be hashed each time. */
  private final Cache<X509Certificate, String> hashes =
      Caffeine.newBuilder().weakKeys().maximumSize(CACHED_CHAINS).build();

  /**
   * @param roots the trust bundle; another bundle is another object of this class
   * @param distrustedIssuer whether the intermediate with this key id is trusted no more; asked at
   *     every call
   */
  public ClientCertificates(
      TrustDomain domain, List<X509Certificate> roots, Predicate<String> distrustedIssuer) {
    this.path = new SvidPath(domain, roots);
    this.distrustedIssuer = distrustedIssuer;
  }

  /**
   * @param presented the client's chain, its own certificate first; empty if it showed none
   */
  public Judgement verify(List<X509Certificate> presented, Instant now) {
    if (presented.isEmpty()) {
      return new Refused(Reason.MISSING, "A client certificate is needed: the agent's X.509-SVID");
    }
    String leafHash =
        hashes.get(presented.get(0), leaf -> Digests.sha256Base64Url(Certificates.der(leaf)));
    SvidPath.Checked known = checked.getIfPresent(leafHash);
    if (known != null) {
      return judge(known, leafHash, now);
    }
    return switch (path.check(presented)) {
      case SvidPath.Checked chain -> {
        checked.put(leafHash, chain);
        yield judge(chain, leafHash, now);
      }
      case SvidPath.Unfit(Reason reason, String text) -> new Refused(reason, text);
    };
  }

  private Judgement judge(SvidPath.Checked chain, String leafHash, Instant now) {
    if (distrustedIssuer.test(chain.issuerKeyId())) {
      return new Refused(
          Reason.DISTRUSTED_ISSUER,
          "The authority that issued this SVID is trusted no more: ask for re-enrolment");
    }
    if (now.isBefore(chain.notBefore())) {
      return new Refused(
          Reason.NOT_YET_VALID,
          "This SVID is valid from %s on: check the clocks".formatted(chain.notBefore()));
    }
    if (!now.isBefore(chain.notAfter())) {
      return new Expired(chain.id(), chain.jkt(), chain.notAfter(), chain.issuerKeyId());
    }
    return new Proven(chain.id(), chain.jkt(), leafHash, chain.notAfter(), chain.issuerKeyId());
  }
}
