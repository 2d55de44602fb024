package dev.writ.broker.token;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.writ.broker.keys.Digests;
import dev.writ.broker.keys.KeyRing;
import dev.writ.broker.keys.VerificationKey;
import dev.writ.broker.trust.SpiffeId;
import dev.writ.broker.trust.TrustDomain;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * Issues and verifies agents' JWT-SVIDs: good at this broker only, bound to the agent's key. Safe
 * for use by many threads.
 */
public final class JwtSvids {

  private static final String TYP = "JWT";
  private static final StrictJws.Kind KIND = StrictJws.Kind.of(TYP, "kid");
  private static final Set<String> CLAIMS = Set.of("sub", "aud", "exp", "iat", "cnf");
  private static final Pattern THUMBPRINT = Pattern.compile("[A-Za-z0-9_-]{43}");

  /** Longer ones are refused unread; ours have about 500 characters. */
  private static final int MAX_CHARS = 8 * 1024;

  /** How far another node's clock may be ahead: 5 s each off the database's. */
  private static final Duration CLOCK_DIFFERENCE = Duration.ofSeconds(10);

  /** Verified tokens; one that is dropped is verified again. */
  private static final int CACHED_TOKENS = 100_000;

  /** What a token is found to be. */
  public sealed interface Judgement {}

  /**
   * Ours, unaltered and alive. Whether the agent is, and whether the sender holds the key, is
   * judged elsewhere.
   *
   * @param jkt RFC 7638 thumbprint of the key that the sender must prove
   * @param kid the key that signed, for the ledger to judge its trust
   */
  public record Verified(SpiffeId id, String jkt, Instant expiresAt, String kid)
      implements Judgement {}

  /** Ours and unaltered, but past its end. */
  public record Expired(SpiffeId id, String jkt, Instant expiresAt, String kid)
      implements Judgement {}

  /**
   * Anything else.
   *
   * @param reason for the log; clients get one text for all
   */
  public record Invalid(String reason) implements Judgement {}

  private final String issuer;
  private final TrustDomain domain;
  private final Supplier<KeyRing> ring;
  private final Cache<String, Verified> verified =
      Caffeine.newBuilder()
          .maximumSize(CACHED_TOKENS)
          .expireAfterWrite(Duration.ofHours(1))
          .build();

  /**
   * @param issuer the audience of every JWT-SVID
   * @param ring the ring of the slot {@code token}, as it is at each call
   */
  public JwtSvids(String issuer, TrustDomain domain, Supplier<KeyRing> ring) {
    this.issuer = issuer;
    this.domain = domain;
    this.ring = ring;
  }

  /**
   * @param jkt RFC 7638 thumbprint of the agent's key
   * @param expiresAt cut to whole seconds
   */
  public SignedToken issue(SpiffeId id, String jkt, Instant now, Instant expiresAt) {
    Instant end = expiresAt.truncatedTo(ChronoUnit.SECONDS);
    return ClaimsWriter.sign(
        ring.get().signer(),
        TYP,
        end,
        json -> {
          json.writeStringField("sub", id.toString());
          json.writeArrayFieldStart("aud");
          json.writeString(issuer);
          json.writeEndArray();
          json.writeNumberField("exp", end.getEpochSecond());
          json.writeNumberField("iat", now.getEpochSecond());
          json.writeObjectFieldStart("cnf");
          json.writeStringField("jkt", jkt);
          json.writeEndObject();
        });
  }

  /** Judges a token as it stands in a request. */
  public Judgement verify(String token, Instant now) {
    if (token.length() > MAX_CHARS) {
      return new Invalid("longer than " + MAX_CHARS + " characters");
    }
    String hash = Digests.sha256Base64Url(token.getBytes(StandardCharsets.UTF_8));
    Verified known = verified.getIfPresent(hash);
    if (known != null) {
      return ring.get().verifier(known.kid()).isPresent()
          ? judgeEnd(known, now)
          : new Invalid("signed by a key that is trusted no more");
    }
    return switch (StrictJws.read(token, KIND)) {
      case StrictJws.Malformed(String reason) -> new Invalid(reason);
      case StrictJws.Read jws -> {
        Judgement judgement = judge(jws, now);
        if (judgement instanceof Verified fresh) {
          verified.put(hash, fresh);
        }
        yield judgement;
      }
    };
  }

  private Judgement judge(StrictJws.Read jws, Instant now) {
    String kid = jws.header().path("kid").asText();
    if (!THUMBPRINT.matcher(kid).matches()) {
      return new Invalid("its kid is not one of ours");
    }
    Optional<VerificationKey> key = ring.get().verifier(kid);
    if (key.isEmpty()) {
      return new Invalid("its kid is not one of ours");
    }
    if (!key.get().verifies(jws.signingInput(), jws.signature())) {
      return new Invalid("its signature is not by the key that it names");
    }
    Optional<Claims> claims = Claims.parse(jws.payload());
    return claims.isEmpty()
        ? new Invalid("its claims are not one strict JSON object")
        : judge(claims.get(), kid, now);
  }

  private Judgement judge(Claims claims, String kid, Instant now) {
    Optional<SpiffeId> id =
        claims
            .text("sub")
            .flatMap(SpiffeId::parse)
            .filter(parsed -> parsed.trustDomain().equals(domain));
    Optional<String> jkt =
        claims.confirmation("jkt").filter(text -> THUMBPRINT.matcher(text).matches());
    Optional<Instant> expiresAt = claims.instant("exp");
    Optional<Instant> issuedAt = claims.instant("iat");
    if (id.isEmpty() || jkt.isEmpty() || expiresAt.isEmpty() || issuedAt.isEmpty()) {
      return new Invalid("sub, cnf, exp or iat is missing or not as we write it");
    }
    if (!claims.isForOnly(issuer)) {
      return new Invalid("its aud is not exactly this issuer");
    }
    if (!claims.hasOnly(CLAIMS)) {
      return new Invalid("it has claims that no JWT-SVID of ours has");
    }
    if (issuedAt.get().isAfter(now.plus(CLOCK_DIFFERENCE))) {
      return new Invalid("it was issued in the future");
    }
    return judgeEnd(new Verified(id.get(), jkt.get(), expiresAt.get(), kid), now);
  }

  /** A token that expires now has expired (RFC 7519 section 4.1.4: on or after). */
  private static Judgement judgeEnd(Verified token, Instant now) {
    return now.isBefore(token.expiresAt())
        ? token
        : new Expired(token.id(), token.jkt(), token.expiresAt(), token.kid());
  }
}
