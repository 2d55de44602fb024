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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The JWT that an App shows as itself. The key may be a remote one, so a JWT is kept for most of
 * its life: one signature per App in eight minutes. Losing it costs one signature; whoever reads it
 * acts as the App for nine minutes.
 */
final class AppJwt {
  private static final Logger log = LoggerFactory.getLogger(AppJwt.class);

  /** For a GitHub whose clock is behind ours. */
  private static final Duration BACKDATED = Duration.ofSeconds(60);

  /** GitHub takes ten, by its own clock. */
  private static final Duration LIFE = Duration.ofMinutes(9);

  private static final Duration KEPT = Duration.ofMinutes(8);

  /** Used no longer than this, where no other one can be signed. */
  private static final Duration USED = LIFE.minusSeconds(20);

  /** How long what cannot be signed is not tried again while the last one is still good. */
  private static final Duration PAUSE = Duration.ofSeconds(5);

  private static final Base64.Encoder BASE64URL = Base64.getUrlEncoder().withoutPadding();
  private static final String HEADER = encode("{\"alg\":\"RS256\",\"typ\":\"JWT\"}");

  private final String appId;
  private final Signer signer;
  private final Clock clock;
  private @Nullable Secret jwt;

  /** The signer may become another key. */
  private String signedBy = "";

  private Instant keptUntil = Instant.MIN;
  private Instant usedUntil = Instant.MIN;

  /**
   * @throws KeyException if it is known to be no RSA key
   */
  AppJwt(String appId, Signer signer, Clock clock) {
    this.appId = appId;
    this.signer = signer;
    this.clock = clock;
    if (signer.isKnown()) {
      demandRsa();
    }
  }

  private void demandRsa() {
    if (signer.algorithm() != SignatureAlgorithm.RS256) {
      throw new KeyException(
          "The key of GitHub App "
              + appId
              + " is for "
              + signer.algorithm()
              + "; expected the RSA key that GitHub made for the App (RS256).");
    }
  }

  /**
   * @throws KeyException if the key cannot be used now, and could not be for as long as the last
   *     JWT was good
   */
  synchronized Secret get() {
    Instant now = clock.instant();
    Secret ready = isStale() ? null : jwt;
    if (ready == null || !now.isBefore(usedUntil)) {
      ready = renew(now);
    } else if (!now.isBefore(keptUntil)) {
      try {
        ready = renew(now);
      } catch (KeyException unusable) {
        keptUntil = now.plus(PAUSE);
        log.warn(
            "GitHub App {} goes on with its last JWT until {}: {}",
            appId,
            usedUntil,
            unusable.getMessage());
      }
    }
    return ready;
  }

  private boolean isStale() {
    return signer.isGivenUp() || (signer.isKnown() && !signer.id().equals(signedBy));
  }

  private Secret renew(Instant now) {
    Secret fresh = sign(now);
    jwt = fresh;
    signedBy = signer.id();
    keptUntil = now.plus(KEPT);
    usedUntil = now.plus(USED);
    return fresh;
  }

  /** GitHub did not accept it: the next one is signed anew. */
  synchronized void drop(Secret refused) {
    if (refused.equals(jwt)) {
      jwt = null;
    }
  }

  private Secret sign(Instant now) {
    demandRsa();
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
