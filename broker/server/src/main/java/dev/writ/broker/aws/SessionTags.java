package dev.writ.broker.aws;

import dev.writ.broker.exchange.Grant;
import java.util.Map;
import java.util.regex.Pattern;

/** The tags of a session, by which an account's own policies and its bills know it. */
final class SessionTags {
  /** Of a value (IAM, Tag). */
  private static final int LENGTH_MAX = 256;

  private static final Pattern FORBIDDEN = Pattern.compile("[^\\p{L}\\p{Z}\\p{N}_.:/=+@-]");

  private SessionTags() {}

  static Map<String, String> of(Grant grant) {
    return Map.of(
        "writ", grant.writ().toString(),
        "writ-agent", grant.agent().id().toString(),
        "writ-owner", value(grant.agent().record().owner()),
        "writ-policy", value(grant.policy()));
  }

  /** What AWS does not take is replaced: a tag that is a little off beats no session. */
  static String value(String text) {
    String allowed = FORBIDDEN.matcher(text).replaceAll("_");
    return allowed.length() <= LENGTH_MAX ? allowed : allowed.substring(0, LENGTH_MAX);
  }
}
