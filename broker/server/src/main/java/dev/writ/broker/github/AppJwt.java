package dev.writ.broker.github;

import dev.writ.broker.keys.KeyException;
import dev.writ.broker.keys.SignatureAlgorithm;
import dev.writ.broker.keys.Signer;
import dev.writ.document.Json;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The JWT that an App shows as itself. The key may be a remote one, so a JWT is kept for most of
 * its life: one signature per App in eight minutes. Losing it costs one signature; whoever reads it
 * acts as the App for nine minutes.
 */
final class AppJwt {
  /** For a GitHub whose clock is behind ours. */
  private static final Duration BACKDATED = Duration.ofSeconds(60);

  /** GitHub takes ten, by its own clock. */
  private static final Duration LIFE = Duration.ofMinutes(9);

  private static final Duration KEPT = Duration.ofMinutes(8);
  private static final Base64.Encoder BASE64URL = Base64.getUrlEncoder().withoutPadding();
  private static final String HEADER = encode("{\"alg\":\"RS256\",\"typ\":\"JWT\"}");

  private final String appId;
  private final Signer signer;
  private final Clock clock;
  private @Nullable Secret jwt;
  private Instant keptUntil = Instant.MIN;

  /**
   * @throws KeyException if it is no RSA key
   */
  AppJwt(String appId, Signer signer, Clock clock) {
    if (signer.algorithm() != SignatureAlgorithm.RS256) {
      throw new KeyException(
          "The key of GitHub App "
              + appId
              + " is for "
              + signer.algorithm()
              + "; expected the RSA key that GitHub made for the App (RS256).");
    }
    this.appId = appId;
    this.signer = signer;
    this.clock = clock;
  }

  /**
   * @throws KeyException if the key cannot be used now
   */
  synchronized Secret get() {
    Instant now = clock.instant();
    Secret ready = jwt;
    if (ready == null || !now.isBefore(keptUntil)) {
      ready = sign(now);
      jwt = ready;
      keptUntil = now.plus(KEPT);
    }
    return ready;
  }

  /** GitHub did not accept it: the next one is signed anew. */
  synchronized void drop(Secret refused) {
    if (refused.equals(jwt)) {
      jwt = null;
    }
  }

  private Secret sign(Instant now) {
    Map<String, Object> claims = new LinkedHashMap<>();
    claims.put("iat", now.minus(BACKDATED).getEpochSecond());
    claims.put("exp", now.plus(LIFE).getEpochSecond());
    claims.put("iss", appId);
    String signed = HEADER + "." + encode(Json.write(claims));
    byte[] signature = signer.sign(signed.getBytes(StandardCharsets.US_ASCII));
    return new Secret(signed + "." + BASE64URL.encodeToString(signature));
  }

  private static String encode(String json) {
    return BASE64URL.encodeToString(json.getBytes(StandardCharsets.UTF_8));
  }
}
