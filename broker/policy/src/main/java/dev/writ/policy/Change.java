package dev.writ.policy;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * One thing that differs between two versions of a policy.
 *
 * @param pointer where (RFC 6901): in the later version, or in the earlier one where there is no
 *     {@code after}
 * @param before what was there, as JSON has it; empty where it is new
 * @param after what is there now; empty where it is gone
 * @param text the same for people
 */
public record Change(
    String pointer, Optional<Object> before, Optional<Object> after, Effect effect, String text) {

  /** What a change means for agents. */
  public enum Effect {
    /** They may do more. */
    WIDER,
    /** They may do less. */
    NARROWER,
    /** Neither. */
    OTHER;

    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  static Change wider(String pointer, Object before, Object after, String text) {
    return new Change(pointer, Optional.of(before), Optional.of(after), Effect.WIDER, text);
  }

  static Change narrower(String pointer, Object before, Object after, String text) {
    return new Change(pointer, Optional.of(before), Optional.of(after), Effect.NARROWER, text);
  }

  static Change added(String pointer, Object after, String text) {
    return new Change(pointer, Optional.empty(), Optional.of(after), Effect.WIDER, text);
  }

  static Change removed(String pointer, Object before, String text) {
    return new Change(pointer, Optional.of(before), Optional.empty(), Effect.NARROWER, text);
  }

  /** Its members, ready for JSON. */
  public Map<String, Object> details() {
    Map<String, Object> details = new LinkedHashMap<>();
    details.put("pointer", pointer);
    before.ifPresent(value -> details.put("before", value));
    after.ifPresent(value -> details.put("after", value));
    details.put("effect", effect.word());
    details.put("text", text);
    return details;
  }
}
