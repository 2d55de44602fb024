package dev.writ.policy;

import java.util.Optional;
import java.util.regex.Pattern;

/** A policy's name: {@code [a-z0-9-]{1,63}}, compared byte for byte. */
public record PolicyName(String value) implements Comparable<PolicyName> {
  private static final Pattern FORM = Pattern.compile("[a-z0-9-]{1,63}");

  static final String EXPECTED = "a policy name of 1 to 63 characters a-z, 0-9 and -";

  public PolicyName {
    if (!FORM.matcher(value).matches()) {
      throw new IllegalArgumentException("expected " + EXPECTED);
    }
  }

  public static Optional<PolicyName> of(String value) {
    return FORM.matcher(value).matches() ? Optional.of(new PolicyName(value)) : Optional.empty();
  }

  @Override
  public int compareTo(PolicyName other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
