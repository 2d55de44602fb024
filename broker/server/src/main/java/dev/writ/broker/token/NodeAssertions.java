package dev.writ.broker.token;

import dev.writ.broker.keys.KeyRing;
import dev.writ.broker.keys.NodeTokens;
import dev.writ.broker.trust.TrustDomain;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.UUID;
import java.util.function.Supplier;

/**
 * Tokens by which a node logs in elsewhere as itself (RFC 7523 section 3). Their subject is no
 * agent's, and their audience is one that no policy can grant, so neither stands in for the other.
 */
public final class NodeAssertions implements NodeTokens {

  /** From its making to its end; it is shown at once. */
  static final Duration LIFE = Duration.ofSeconds(60);

  private final String issuer;
  private final String subject;
  private final Supplier<KeyRing> ring;
  private final InstantSource clock;

  /**
   * @param ring the ring of the slot {@code token}, as it is at each call
   */
  public NodeAssertions(
      String issuer, TrustDomain domain, UUID node, Supplier<KeyRing> ring, InstantSource clock) {
    this.issuer = issuer;
    this.subject = domain.id() + "/node/" + node;
    this.ring = ring;
    this.clock = clock;
  }

  @Override
  public String issue(String audience) {
    Instant start = clock.instant().truncatedTo(ChronoUnit.SECONDS);
    Instant end = start.plus(LIFE);
    SignedToken signed =
        ClaimsWriter.sign(
            ring.get().signer(),
            "JWT",
            end,
            json -> {
              json.writeStringField("iss", issuer);
              json.writeStringField("sub", subject);
              json.writeStringField("aud", audience);
              json.writeNumberField("exp", end.getEpochSecond());
              json.writeNumberField("iat", start.getEpochSecond());
              json.writeStringField("jti", UUID.randomUUID().toString());
            });
    return signed.text();
  }
}
