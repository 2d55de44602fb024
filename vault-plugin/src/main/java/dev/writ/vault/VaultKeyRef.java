package dev.writ.vault;

import dev.writ.broker.keys.KeyException;
import dev.writ.broker.keys.KeyRef;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code vault:<transit mount>/<key>?version=n}; the mount may have several segments.
 *
 * @param version absent: the newest there is when the broker starts
 */
record VaultKeyRef(KeyRef ref, String mount, String name, Optional<Integer> version) {

  private static final String SEGMENT = "[A-Za-z0-9_-][A-Za-z0-9_.-]*";

  /** Names as transit has them (framework.GenericNameRegex). */
  private static final Pattern FORM =
      Pattern.compile(
          "(%s(?:/%s)*)/(\\w(?:[\\w.-]{0,126}\\w)?)(?:\\?version=([1-9][0-9]{0,8}))?"
              .formatted(SEGMENT, SEGMENT));

  /**
   * @throws KeyException if it is not of that form
   */
  static VaultKeyRef parse(KeyRef ref) {
    Matcher form = FORM.matcher(ref.location());
    if (!form.matches()) {
      throw new KeyException(
          ref
              + ": expected vault:<transit mount>/<key>, such as vault:transit/writ-root, and at most ?version=<n> after it");
    }
    return new VaultKeyRef(
        ref,
        form.group(1),
        form.group(2),
        Optional.ofNullable(form.group(3)).map(Integer::valueOf));
  }

  /** The path of an operation: {@code transit/sign/writ-root}. */
  String path(String operation) {
    return mount + "/" + operation + "/" + name;
  }

  @Override
  public String toString() {
    return ref.toString();
  }
}
