package dev.writ.broker.token;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.writ.broker.keys.Digests;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Verifies DPoP proofs (RFC 9449 section 4.3) but for replay: that a {@code jti} is new is judged
 * by the database. Safe for use by many threads.
 */
public final class DpopProofs {

  private static final StrictJws.Kind KIND = StrictJws.Kind.of("dpop+jwt", "jwk");
  private static final Duration PAST = Duration.ofSeconds(60);
  private static final Duration FUTURE = Duration.ofSeconds(5);
  private static final int MAX_JTI_CHARS = 128;

  /** Agents' keys, made ready for verification; one that is dropped is made again. */
  private static final int CACHED_KEYS = 50_000;

  /** What a proof is found to be. */
  public sealed interface Judgement {}

  /**
   * The sender holds the key, for this request, now.
   *
   * @param jkt RFC 7638 thumbprint of the key
   * @param jtiHash SHA-256 in lower-case hex, over the key's thumbprint, a dot and the {@code jti}:
   *     an agent cannot use up another's
   * @param issuedAt after {@code issuedAt} + 60 s the proof is refused by its date, and its {@code
   *     jti} need not be remembered
   */
  public record Proven(String jkt, String jtiHash, Instant issuedAt) implements Judgement {}

  /**
   * @param reason for the client: what was wrong, without any of its input
   */
  public record Invalid(String reason) implements Judgement {}

  /**
   * The request that the proof must be for.
   *
   * @param method in upper case
   * @param path from the issuer's URL on, beginning with a slash, without query
   * @param token the token in the Authorization header; empty where there is none: then {@code ath}
   *     is not demanded
   */
  public record Request(String method, String path, Optional<String> token) {}

  private final String issuer;
  private final Cache<DpopKey.Coordinates, DpopKey> keys =
      Caffeine.newBuilder().maximumSize(CACHED_KEYS).build();

  /**
   * @param issuer the configured public base URL: what the client says of host and scheme counts
   *     for nothing
   */
  public DpopProofs(String issuer) {
    this.issuer = issuer.endsWith("/") ? issuer.substring(0, issuer.length() - 1) : issuer;
  }

  /**
   * Judges the one value of the request's {@code DPoP} header; several are the caller's to refuse.
   */
  public Judgement verify(String proof, Request request, Instant now) {
    return switch (StrictJws.read(proof, KIND)) {
      case StrictJws.Malformed(String reason) ->
          new Invalid("The DPoP proof is refused: " + reason);
      case StrictJws.Read jws -> verify(jws, request, now);
    };
  }

  private Judgement verify(StrictJws.Read jws, Request request, Instant now) {
    Optional<DpopKey.Coordinates> at = DpopKey.coordinates(jws.header().path("jwk"));
    Optional<DpopKey> key = at.flatMap(this::key);
    if (at.isEmpty() || key.isEmpty()) {
      return new Invalid("The DPoP proof's jwk is no public P-256 key (kty, crv, x, y)");
    }
    if (!key.get().verifier().verify(jws.signingInput(), jws.signature())) {
      return new Invalid("The DPoP proof's signature is not by its own key");
    }
    keys.put(at.get(), key.get());
    Optional<Claims> claims = Claims.parse(jws.payload());
    return claims.isEmpty()
        ? new Invalid("The DPoP proof's claims are not one strict JSON object")
        : judge(claims.get(), key.get().jkt(), request, now);
  }

  private Optional<DpopKey> key(DpopKey.Coordinates at) {
    return Optional.ofNullable(keys.getIfPresent(at)).or(() -> DpopKey.of(at));
  }

  private Judgement judge(Claims claims, String jkt, Request request, Instant now) {
    Optional<Instant> issuedAt = claims.instant("iat");
    if (issuedAt.isEmpty()) {
      return new Invalid("The DPoP proof's iat is missing or not a whole number of seconds");
    }
    if (issuedAt.get().isBefore(now.minus(PAST)) || issuedAt.get().isAfter(now.plus(FUTURE))) {
      return new Invalid(
          "The DPoP proof's iat is not within the last 60 s (or the next 5 s): make a proof per"
              + " request and check the clock");
    }
    if (!claims.text("htm").equals(Optional.of(request.method()))) {
      return new Invalid("The DPoP proof's htm is not " + request.method());
    }
    String url = issuer + request.path();
    if (!claims.text("htu").filter(htu -> HttpUri.isSame(url, htu)).isPresent()) {
      return new Invalid("The DPoP proof's htu is not " + url);
    }
    Optional<String> ath = request.token().map(StrictBase64Url::sha256);
    if (ath.isPresent() && !claims.text("ath").equals(ath)) {
      return new Invalid("The DPoP proof's ath is not the SHA-256 of the token it goes with");
    }
    Optional<String> jti =
        claims.text("jti").filter(id -> !id.isEmpty() && id.length() <= MAX_JTI_CHARS);
    if (jti.isEmpty()) {
      return new Invalid(
          "The DPoP proof's jti is missing or not of 1 to " + MAX_JTI_CHARS + " characters");
    }
    byte[] scoped = (jkt + "." + jti.get()).getBytes(StandardCharsets.UTF_8);
    return new Proven(jkt, Digests.sha256Hex(scoped), issuedAt.get());
  }
}
