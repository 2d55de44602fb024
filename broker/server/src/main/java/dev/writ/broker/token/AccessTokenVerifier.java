package dev.writ.broker.token;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.writ.broker.keys.Digests;
import dev.writ.broker.keys.KeyRing;
import dev.writ.broker.keys.VerificationKey;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * Verifies our own access tokens (RFC 9068 section 4), but for whether they were recorded and are
 * still good: the database knows. Safe for use by many threads.
 */
public final class AccessTokenVerifier {
  private static final StrictJws.Kind KIND = StrictJws.Kind.of("at+jwt", "kid");
  private static final Set<String> CLAIMS =
      Set.of(
          "iss",
          "sub",
          "aud",
          "exp",
          "iat",
          "jti",
          "client_id",
          "scope",
          "authorization_details",
          "cnf",
          "policy",
          "owner",
          "writ_lineage");
  private static final Pattern UUID_LOWER_CASE =
      Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");
  private static final ObjectMapper json = new ObjectMapper();

  /** What a token is found to be. */
  public sealed interface Judgement {}

  /**
   * Ours, unaltered and not past its end.
   *
   * @param tokenType {@code DPoP} or {@code Bearer}, by what it is bound to
   * @param claims all of them: text, whole numbers, lists and maps
   * @param kid the key that signed
   * @param sha256 of the token's text, 32 bytes
   */
  public record Verified(
      UUID writ,
      String audience,
      String tokenType,
      Map<String, Object> claims,
      String kid,
      byte[] sha256)
      implements Judgement {}

  /**
   * Anything else.
   *
   * @param reason for the log, without any of the token
   */
  public record Invalid(String reason) implements Judgement {}

  private final String issuer;
  private final Supplier<KeyRing> ring;

  /**
   * @param ring the ring of the slot {@code token}, as it is at each call
   */
  public AccessTokenVerifier(String issuer, Supplier<KeyRing> ring) {
    this.issuer = issuer;
    this.ring = ring;
  }

  /** Judges a token as it stands in a request; one that expires now has expired. */
  public Judgement verify(String token, Instant now) {
    return switch (StrictJws.read(token, KIND)) {
      case StrictJws.Malformed(String reason) -> new Invalid(reason);
      case StrictJws.Read jws -> {
        String kid = jws.header().path("kid").asText();
        Optional<VerificationKey> key = ring.get().verifier(kid);
        if (key.isEmpty()) {
          yield new Invalid("its kid is not one of ours");
        }
        if (!key.get().verifies(jws.signingInput(), jws.signature())) {
          yield new Invalid("its signature is not by the key that it names");
        }
        byte[] sha256 = Digests.sha256(token.getBytes(StandardCharsets.ISO_8859_1));
        yield Claims.parse(jws.payload())
            .map(claims -> judge(claims, kid, sha256, now))
            .orElse(new Invalid("its claims are not one strict JSON object"));
      }
    };
  }

  private Judgement judge(Claims claims, String kid, byte[] sha256, Instant now) {
    if (!claims.text("iss").equals(Optional.of(issuer))) {
      return new Invalid("its iss is not this issuer");
    }
    Optional<Instant> end = claims.instant("exp");
    if (end.isEmpty() || !now.isBefore(end.get())) {
      return new Invalid("it has expired");
    }
    Optional<String> audience = claims.text("aud");
    Optional<UUID> writ =
        claims
            .text("jti")
            .filter(jti -> UUID_LOWER_CASE.matcher(jti).matches())
            .map(UUID::fromString);
    Optional<String> type =
        claims
            .confirmation("jkt")
            .map(jkt -> "DPoP")
            .or(() -> claims.confirmation("x5t#S256").map(hash -> "Bearer"));
    if (audience.isEmpty() || writ.isEmpty() || type.isEmpty() || !claims.hasOnly(CLAIMS)) {
      return new Invalid("its claims are not as we write them");
    }
    return new Verified(writ.get(), audience.get(), type.get(), members(claims), kid, sha256);
  }

  private static Map<String, Object> members(Claims claims) {
    return json.convertValue(
        claims.object(), new TypeReference<LinkedHashMap<String, Object>>() {});
  }
}
