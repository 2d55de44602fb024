package dev.writ.broker.authority;

import dev.writ.broker.ledger.Acts.Note;
import java.util.LinkedHashMap;
import java.util.Map;

/** What the ledger says of a change to one of the deployment's keys. */
public final class KeyNotes {
  private KeyNotes() {}

  /**
   * @param act what was done: {@code publish}, {@code schedule}, {@code promote}, {@code retire} or
   *     {@code distrust}
   * @param why more to say, as {@link #why} gives it
   */
  public static Note note(String slot, String act, String kid, Map<String, ?> why) {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("slot", slot);
    body.put("act", act);
    body.put("kid", kid);
    body.putAll(why);
    return Note.of("key", body);
  }

  /**
   * @param by who asked; empty if it came by the clock
   * @param reason empty if none was given
   */
  public static Map<String, String> why(String by, String reason) {
    Map<String, String> why = new LinkedHashMap<>();
    if (!by.isEmpty()) {
      why.put("by", by);
    }
    if (!reason.isEmpty()) {
      why.put("reason", reason);
    }
    return why;
  }
}
