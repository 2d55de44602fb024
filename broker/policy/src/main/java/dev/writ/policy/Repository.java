package dev.writ.policy;

import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A GitHub repository's name, {@code owner/name}. GitHub compares names without case, so both parts
 * are kept in lower case; only ASCII is taken, and nothing that a path or a URL would read as
 * something else.
 */
public record Repository(String owner, String name) implements Comparable<Repository> {
  static final String EXPECTED = "a repository written owner/name, without .git";

  private static final String ACCOUNT = "[A-Za-z0-9](?:[A-Za-z0-9_-]{0,98})";
  private static final Pattern ACCOUNT_FORM = Pattern.compile(ACCOUNT);
  private static final Pattern FORM = Pattern.compile("(" + ACCOUNT + ")/([A-Za-z0-9._-]{1,100})");
  private static final Comparator<Repository> ORDER =
      Comparator.comparing(Repository::owner).thenComparing(Repository::name);

  /** The repository that {@code text} names, if it is exactly {@code owner/name}. */
  public static Optional<Repository> of(String text) {
    Matcher matcher = FORM.matcher(text);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    String name = fold(matcher.group(2));
    boolean misread = name.endsWith(".") || name.endsWith(".git") || name.endsWith(".wiki");
    return misread ? Optional.empty() : Optional.of(new Repository(fold(matcher.group(1)), name));
  }

  /** The account that {@code text} names, in lower case. */
  static Optional<String> account(String text) {
    return ACCOUNT_FORM.matcher(text).matches() ? Optional.of(fold(text)) : Optional.empty();
  }

  private static String fold(String text) {
    return text.toLowerCase(Locale.ROOT);
  }

  @Override
  public int compareTo(Repository other) {
    return ORDER.compare(this, other);
  }

  @Override
  public String toString() {
    return owner + "/" + name;
  }
}
