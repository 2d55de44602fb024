package dev.writ.policy;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * An IAM action or resource, with {@code *} and {@code ?}. It is compared part by part between the
 * colons, so that no wildcard reaches over a part; only {@code *} alone stands for everything.
 * Policy variables ({@code ${…}}) are refused, for what they stand for is not known here.
 */
public final class AwsPattern implements Comparable<AwsPattern> {
  static final String ACTION_EXPECTED = "an action such as s3:GetObject, s3:Get* or *";
  static final String RESOURCE_EXPECTED =
      "an ARN of six parts such as arn:aws:s3:::bucket/*, or *, without policy variables";

  private static final Pattern ACTION =
      Pattern.compile("\\*|[A-Za-z0-9*?-]{1,64}:[A-Za-z0-9*?]{1,128}");
  private static final Pattern RESOURCE =
      Pattern.compile("\\*|arn(:[A-Za-z0-9*?-]{1,64}){2}(:[A-Za-z0-9*?-]{0,64}){2}:[!-~]{1,512}");
  private static final int ARN_PARTS = 6;

  private final String text;
  private final String folded;
  private final List<Glob> parts;

  private AwsPattern(String text, String folded, int partsMax) {
    this.text = text;
    this.folded = folded;
    this.parts = Stream.of(folded.split(":", partsMax)).map(Glob::new).toList();
  }

  /** An action; IAM compares them without case. */
  public static Optional<AwsPattern> action(String text) {
    return ACTION.matcher(text).matches()
        ? Optional.of(new AwsPattern(text, text.toLowerCase(Locale.ROOT), 2))
        : Optional.empty();
  }

  /** A resource; compared with case. */
  public static Optional<AwsPattern> resource(String text) {
    return RESOURCE.matcher(text).matches() && !text.contains("${")
        ? Optional.of(new AwsPattern(text, text, ARN_PARTS))
        : Optional.empty();
  }

  boolean isEverything() {
    return folded.equals("*");
  }

  /** Whether everything that {@code other} stands for is meant here, too. */
  boolean includes(AwsPattern other) {
    if (isEverything() || folded.equals(other.folded)) {
      return true;
    }
    if (parts.size() != other.parts.size()) {
      return false;
    }
    for (int i = 0; i < parts.size(); i++) {
      if (!parts.get(i).includes(other.parts.get(i))) {
        return false;
      }
    }
    return true;
  }

  /** The service of an action, or of a resource's ARN. */
  Glob service() {
    return parts.size() == ARN_PARTS ? parts.get(2) : parts.get(0);
  }

  /** Whether an ARN leaves its partition or service open. */
  boolean hasOpenService() {
    return isEverything()
        || service().isWild()
        || parts.size() == ARN_PARTS && parts.get(1).isWild();
  }

  static boolean anyIncludes(List<AwsPattern> patterns, AwsPattern other) {
    for (AwsPattern pattern : patterns) {
      if (pattern.includes(other)) {
        return true;
      }
    }
    return false;
  }

  static boolean includeAll(List<AwsPattern> patterns, List<AwsPattern> others) {
    return others.stream().allMatch(other -> anyIncludes(patterns, other));
  }

  /** Of each pair the one that is contained in the other; where neither is: nothing. */
  static List<AwsPattern> meet(List<AwsPattern> some, List<AwsPattern> others) {
    return reduce(
        Lists.concat(
            some.stream().filter(one -> anyIncludes(others, one)).toList(),
            others.stream().filter(other -> anyIncludes(some, other)).toList()));
  }

  /** The same set without the patterns that others of it include. */
  static List<AwsPattern> reduce(List<AwsPattern> patterns) {
    List<AwsPattern> kept = new ArrayList<>();
    for (AwsPattern pattern : Lists.asSet(patterns)) {
      if (!anyIncludes(kept, pattern)) {
        kept.removeIf(pattern::includes);
        kept.add(pattern);
      }
    }
    return List.copyOf(kept);
  }

  @Override
  public int compareTo(AwsPattern other) {
    return folded.compareTo(other.folded);
  }

  /** Equal as IAM compares: actions without case. */
  @Override
  public boolean equals(Object other) {
    return other instanceof AwsPattern pattern && folded.equals(pattern.folded);
  }

  @Override
  public int hashCode() {
    return folded.hashCode();
  }

  /** As it was written. */
  @Override
  public String toString() {
    return text;
  }
}
