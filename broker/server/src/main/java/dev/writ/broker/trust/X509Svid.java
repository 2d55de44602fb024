package dev.writ.broker.trust;

import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;

/**
 * An issued X.509-SVID.
 *
 * @param chain the agent's certificate, then the intermediate that issued it, then what leads to a
 *     root before the present one, while that is trusted
 */
public record X509Svid(SpiffeId id, List<X509Certificate> chain) {

  public X509Svid {
    chain = List.copyOf(chain);
  }

  public X509Certificate leaf() {
    return chain.get(0);
  }

  public Instant notAfter() {
    return leaf().getNotAfter().toInstant();
  }

  /** The chain as PEM. */
  public String pem() {
    return Certificates.pem(chain);
  }
}
