package dev.writ.broker.trust;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The name under which a deployment's identities stand (SPIFFE-ID section 2.1), narrowed to what
 * X.509 name constraints can hold: a lower-case DNS name.
 */
public record TrustDomain(String name) {

  private static final int MAX_LENGTH = 253;
  private static final Pattern LABELS =
      Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*");
  private static final Pattern NUMBER_LAST = Pattern.compile("(.*\\.)?[0-9]+");

  /**
   * @throws IllegalArgumentException saying what is wrong with the name and what to do
   */
  public TrustDomain {
    Optional<String> problem = problem(name);
    if (problem.isPresent()) {
      throw new IllegalArgumentException(problem.get());
    }
  }

  /** Why this is no name for a trust domain, if it is none. */
  public static Optional<String> problem(String name) {
    if (name.isEmpty() || name.length() > MAX_LENGTH) {
      return Optional.of(
          "A trust domain has 1 to " + MAX_LENGTH + " characters, this one " + name.length());
    }
    if (name.indexOf('_') >= 0) {
      return Optional.of(
          "The trust domain \"%s\" has a _, which X.509 name constraints cannot hold; use -"
              .formatted(name));
    }
    if (!LABELS.matcher(name).matches()) {
      return Optional.of(
          "A trust domain is a lower-case DNS name (labels of a-z, 0-9 and inner -, separated by"
              + " single dots, without port or final dot): set trust-domain accordingly");
    }
    if (NUMBER_LAST.matcher(name).matches()) {
      return Optional.of(
          "The trust domain \"%s\" looks like an IP address, which X.509 name constraints do not take for a name; set trust-domain to a name, for instance writ.local"
              .formatted(name));
    }
    return Optional.empty();
  }

  /** {@code spiffe://<name>}, the SPIFFE ID of the trust domain itself. */
  public String id() {
    return SpiffeId.SCHEME + name;
  }

  @Override
  public String toString() {
    return name;
  }
}
