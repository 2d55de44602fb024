package dev.writ.policy;

/**
 * Something about a policy that whoever looks at it should see.
 *
 * @param severity how loudly to show it
 * @param grant the target it is about
 * @param message what it means
 */
public record Flag(Severity severity, String grant, String message) {

  /** How loudly to show a flag. */
  public enum Severity {
    /** Accepted only because somebody gave a reason. */
    DANGER,
    /** Allowed, but reaches further, or less far, than it looks. */
    NOTE
  }
}
