package dev.writ.broker.agent;

import dev.writ.broker.trust.X509Svid;
import java.time.Instant;

/** What became of an enrolment or renewal. */
public sealed interface Enrolled permits Enrolled.Svids, Refused {

  /**
   * @param jwtSvid a secret only together with the key that it is bound to
   * @param expiresAt of whichever ends first
   */
  record Svids(X509Svid x509, String jwtSvid, Instant expiresAt) implements Enrolled {
    @Override
    public String toString() {
      return "Svids[" + x509.id() + "]";
    }
  }
}
