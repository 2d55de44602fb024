package dev.writ.broker.aws;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A role.
 *
 * @param account twelve digits, or empty in S3 stores that have none
 * @param name without its path
 */
record RoleArn(String partition, String account, String name) {
  private static final Pattern FORM =
      Pattern.compile(
          "arn:(aws(?:-[a-z]+){0,3}):iam::((?:[0-9]{12})?):role/(?:[A-Za-z0-9+=,.@_-]+/)*([A-Za-z0-9+=,.@_-]{1,64})");

  /** Empty for what is no role's ARN. */
  static Optional<RoleArn> parse(String arn) {
    Matcher matcher = FORM.matcher(arn);
    return matcher.matches()
        ? Optional.of(new RoleArn(matcher.group(1), matcher.group(2), matcher.group(3)))
        : Optional.empty();
  }

  /** How STS names a session of this role. */
  String session(String name) {
    return "arn:" + partition + ":sts::" + account + ":assumed-role/" + this.name + "/" + name;
  }
}
