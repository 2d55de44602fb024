package dev.writ.policy;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A refusal by policy, in words that an agent can act on.
 *
 * @param code which error the wire shows
 * @param requested what was asked for, shaped as {@code authorization_details}; empty if it could
 *     not be read
 * @param allowed what may be had there instead, in the same shape; never more than the policy
 *     allows, and cut short where that would be long
 * @param hint what to do
 */
public record Denial(
    Code code,
    List<Map<String, Object>> requested,
    List<Map<String, Object>> allowed,
    Rule rule,
    String hint) {

  /** The OAuth errors of a refusal (RFC 8707, RFC 6749, RFC 9396). */
  public enum Code {
    /** An audience, resource, account or role that no grant names. */
    INVALID_TARGET("invalid_target"),
    /** Scopes beyond the grant. */
    INVALID_SCOPE("invalid_scope"),
    /** Malformed, unknown type, an empty list. */
    INVALID_AUTHORIZATION_DETAILS("invalid_authorization_details"),
    /** Every other refusal by policy. */
    ACCESS_DENIED("access_denied");

    private final String word;

    Code(String word) {
      this.word = word;
    }

    /** As the wire writes it. */
    public String word() {
      return word;
    }
  }

  private static final int GRANTS_SHOWN_MAX = 20;
  private static final int REPOSITORIES_SHOWN_MAX = 100;

  public Denial {
    requested = List.copyOf(requested);
    allowed = List.copyOf(allowed);
  }

  static Denial of(
      Code code, Rule rule, Request request, List<? extends Grant> allowed, String hint) {
    return new Denial(code, List.of(request.details()), show(allowed), rule, hint);
  }

  /** What could not even be read. */
  static Denial unreadable(Code code, Rule rule, String hint) {
    return new Denial(code, List.of(), List.of(), rule, hint);
  }

  /**
   * The members {@code requested}, {@code allowed}, {@code rule} and {@code hint}, ready for JSON.
   */
  public Map<String, Object> details() {
    Map<String, Object> details = new LinkedHashMap<>();
    details.put("requested", requested);
    details.put("allowed", allowed);
    details.put("rule", rule.word());
    details.put("hint", hint);
    return details;
  }

  private static List<Map<String, Object>> show(List<? extends Grant> grants) {
    return grants.stream().limit(GRANTS_SHOWN_MAX).map(Denial::cut).map(Grant::details).toList();
  }

  private static Grant cut(Grant grant) {
    return grant instanceof GitHubGrant large
            && large.repositories().size() > REPOSITORIES_SHOWN_MAX
        ? new GitHubGrant(
            large.account(),
            false,
            large.repositories().subList(0, REPOSITORIES_SHOWN_MAX),
            large.permissions(),
            large.iKnow())
        : grant;
  }
}
