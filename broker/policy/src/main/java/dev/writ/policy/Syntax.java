package dev.writ.policy;

import java.util.Optional;
import java.util.regex.Pattern;

/** The small words of policies and requests that are kept as text. */
final class Syntax {
  static final String ROLE_EXPECTED = "a role's ARN such as arn:aws:iam::123456789012:role/agents";
  static final String AUDIENCE_EXPECTED = "an audience of 1 to 255 visible ASCII characters";
  static final String SCOPE_EXPECTED =
      "a scope of 1 to 128 visible ASCII characters without \" and \\";

  /** The account is missing in stores that speak S3 and have none. */
  private static final Pattern ROLE =
      Pattern.compile("arn:aws(-[a-z]+){0,3}:iam::([0-9]{12})?:role/[A-Za-z0-9+=,.@_/-]{1,512}");

  private static final Pattern AUDIENCE = Pattern.compile("[!-~]{1,255}");

  /** RFC 6749, section 3.3. */
  private static final Pattern SCOPE = Pattern.compile("[!#-\\[\\]-~]{1,128}");

  private Syntax() {}

  static Optional<String> role(String text) {
    return matching(ROLE, text);
  }

  static Optional<String> audience(String text) {
    return matching(AUDIENCE, text);
  }

  static Optional<String> scope(String text) {
    return matching(SCOPE, text);
  }

  private static Optional<String> matching(Pattern form, String text) {
    return form.matcher(text).matches() ? Optional.of(text) : Optional.empty();
  }
}
