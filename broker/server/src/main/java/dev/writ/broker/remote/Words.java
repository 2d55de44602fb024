package dev.writ.broker.remote;

import java.util.regex.Pattern;

/** A target's own words, fit to be logged and passed on. */
public final class Words {
  private static final int LENGTH_MAX = 300;
  private static final Pattern UNPRINTABLE = Pattern.compile("[^\\x20-\\x7e]+");
  private static final Pattern CREDENTIAL =
      Pattern.compile("(gh[a-z]_|github_pat_|eyJ)[A-Za-z0-9._-]{16,}|[A-Za-z0-9+/=_-]{64,}");

  private Words() {}

  /** Printable, short, and with whatever looks like a credential masked. */
  public static String shown(String words) {
    String plain = UNPRINTABLE.matcher(words).replaceAll(" ").strip();
    String masked = CREDENTIAL.matcher(plain).replaceAll("[masked]");
    return masked.length() <= LENGTH_MAX ? masked : masked.substring(0, LENGTH_MAX);
  }
}
