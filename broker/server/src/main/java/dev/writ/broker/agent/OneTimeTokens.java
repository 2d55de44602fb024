package dev.writ.broker.agent;

import dev.writ.broker.agent.Launched.EnrolmentToken;
import dev.writ.broker.keys.Digests;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;

/** Enrolment tokens: 256 random bits, good once and for minutes, stored as their SHA-256 only. */
final class OneTimeTokens {
  static final Duration LIFE = Duration.ofMinutes(10);

  /** Makes a leaked one easy to find. */
  private static final String PREFIX = "writ_enrol_";

  private static final SecureRandom random = new SecureRandom();

  private OneTimeTokens() {}

  static EnrolmentToken make(Instant now) {
    byte[] bits = new byte[32];
    random.nextBytes(bits);
    String secret = PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(bits);
    return new EnrolmentToken(secret, now.plus(LIFE));
  }

  static byte[] hash(String secret) {
    return Digests.sha256(secret.getBytes(StandardCharsets.UTF_8));
  }
}
