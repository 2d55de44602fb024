package dev.writ.policy;

import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A user, group or workload, written {@code user:ada}, {@code group:platform/deploy}, {@code
 * client:orchestrator}. Names are compared byte for byte.
 */
public record Principal(Kind kind, String name) implements Comparable<Principal> {

  /** What kinds there are. */
  public enum Kind {
    USER,
    GROUP,
    CLIENT;

    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * Visible characters, single spaces inside; a group's name is its path without the leading slash.
   */
  private static final String VISIBLE = "[\\p{L}\\p{M}\\p{N}\\p{P}\\p{S}]";

  private static final Pattern FORM =
      Pattern.compile("(user|group|client):(" + VISIBLE + "+(?: " + VISIBLE + "+)*)");
  private static final int NAME_LENGTH_MAX = 255;
  private static final Comparator<Principal> ORDER =
      Comparator.comparing(Principal::kind).thenComparing(Principal::name);

  /** The principal that {@code text} names. */
  public static Optional<Principal> of(String text) {
    // First the length: the pattern's repetitions are nested calls.
    if (text.length() > "client:".length() + NAME_LENGTH_MAX) {
      return Optional.empty();
    }
    Matcher matcher = FORM.matcher(text);
    if (!matcher.matches() || matcher.group(2).length() > NAME_LENGTH_MAX) {
      return Optional.empty();
    }
    Kind kind = Kind.valueOf(matcher.group(1).toUpperCase(Locale.ROOT));
    String name = matcher.group(2);
    boolean unlikePath = name.startsWith("/") || name.endsWith("/") || name.contains("//");
    return kind == Kind.GROUP && unlikePath
        ? Optional.empty()
        : Optional.of(new Principal(kind, name));
  }

  @Override
  public int compareTo(Principal other) {
    return ORDER.compare(this, other);
  }

  @Override
  public String toString() {
    return kind.word() + ":" + name;
  }
}
