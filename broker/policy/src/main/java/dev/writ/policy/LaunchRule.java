package dev.writ.policy;

import java.util.Optional;
import java.util.regex.Pattern;

/** Who may launch agents under a policy. */
public sealed interface LaunchRule extends Comparable<LaunchRule> {
  String EXPECTED =
      "<launcher>/user:x, <launcher>/group:x or <launcher>/client:x, \"operator\" or \"agent\"";

  /** The operator of a server that has no launcher configured. */
  record Operator() implements LaunchRule {
    @Override
    public String toString() {
      return "operator";
    }
  }

  /** A parent agent whose policy lists this one under {@code delegation}. */
  record ParentAgent() implements LaunchRule {
    @Override
    public String toString() {
      return "agent";
    }
  }

  /** A principal as one launcher names it. */
  record By(String launcher, Principal principal) implements LaunchRule {
    private static final Pattern LAUNCHER = Pattern.compile("[a-z0-9-]{1,63}");

    static Optional<LaunchRule> of(String text) {
      int slash = text.indexOf('/');
      if (slash < 0 || !LAUNCHER.matcher(text.substring(0, slash)).matches()) {
        return Optional.empty();
      }
      return Principal.of(text.substring(slash + 1))
          .map(principal -> new By(text.substring(0, slash), principal));
    }

    @Override
    public String toString() {
      return launcher + "/" + principal;
    }
  }

  static Optional<LaunchRule> of(String text) {
    return switch (text) {
      case "operator" -> Optional.of(new Operator());
      case "agent" -> Optional.of(new ParentAgent());
      default -> By.of(text);
    };
  }

  @Override
  default int compareTo(LaunchRule other) {
    return toString().compareTo(other.toString());
  }
}
