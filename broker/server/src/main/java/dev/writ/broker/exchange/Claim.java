package dev.writ.broker.exchange;

import java.util.Optional;

/** Whom a request says it comes from; its sender's key has to agree. */
public sealed interface Claim {

  /** The JWT-SVID in {@code subject_token} (RFC 8693). */
  record SubjectToken(String text) implements Claim {
    @Override
    public String toString() {
      return "SubjectToken[secret]";
    }
  }

  /**
   * As everywhere but at the token endpoint: the client certificate alone, or the JWT-SVID in
   * {@code Authorization: DPoP}.
   */
  record Header(Optional<String> token) implements Claim {
    @Override
    public String toString() {
      return "Header[secret]";
    }
  }
}
