package dev.writ.policy;

import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What this server lets no policy go beyond.
 *
 * @param agentLifetimeMax of an agent
 * @param credentialLifetimeMax of a credential
 * @param reservedAudiences what tokens for others than internal resource servers carry: the issuer,
 *     the audiences of STS and of launchers
 */
public record Bounds(
    Duration agentLifetimeMax, Duration credentialLifetimeMax, Set<String> reservedAudiences) {
  /** The server's defaults, with no audience reserved but AWS's own. */
  public static final Bounds DEFAULT =
      new Bounds(Duration.ofHours(24), Duration.ofHours(1), Set.of());

  /** Tokens for STS never leave the broker, so nobody may ask for one that looks like them. */
  private static final Pattern STS =
      Pattern.compile("(https?://)?sts(\\.[a-z0-9-]+)?\\.amazonaws\\.com(\\.cn)?");

  public Bounds {
    reservedAudiences = Set.copyOf(reservedAudiences);
  }

  /** Whether {@code audience}, or what a careless verifier would take for it, is reserved. */
  boolean reserves(String audience) {
    String loose = loosen(audience);
    return STS.matcher(loose).matches()
        || reservedAudiences.stream()
            .map(Bounds::loosen)
            .collect(Collectors.toSet())
            .contains(loose);
  }

  /** Without case, trailing slashes and the default port. */
  private static String loosen(String audience) {
    String lower = audience.toLowerCase(Locale.ROOT);
    int end = lower.length();
    while (end > 0 && lower.charAt(end - 1) == '/') {
      end--;
    }
    String bare = lower.substring(0, end);
    return bare.startsWith("https://") && bare.endsWith(":443")
        ? bare.substring(0, bare.length() - ":443".length())
        : bare;
  }
}
