package dev.writ.document;

import java.util.Map;
import java.util.Set;

/**
 * The members of a mapping whose keys are all known. Unknown ones have been noted when you get
 * this.
 */
public final class Fields {
  private final Notes notes;
  private final Place place;
  private final Set<String> known;
  private final Map<String, Node.Member> members;
  private final boolean broken;

  /**
   * @param broken there is no such mapping, which has been noted: missing keys are then no news
   */
  Fields(
      Notes notes,
      Place place,
      Set<String> known,
      Map<String, Node.Member> members,
      boolean broken) {
    this.notes = notes;
    this.place = place;
    this.known = known;
    this.members = members;
    this.broken = broken;
    members.forEach(this::check);
  }

  private void check(String name, Node.Member member) {
    if (!known.contains(name)) {
      String hint = Nearest.hint(name, known);
      String all = hint.isEmpty() ? "; known here: " + String.join(", ", known) : hint;
      notes.add(member.key(), "unknown key " + Quoted.of(name) + all);
    }
  }

  /** The value of {@code name}; that it is missing is a problem. */
  public Value required(String name) {
    Value value = optional(name);
    if (!value.isPresent() && !broken) {
      notes.add(place, "missing key " + Quoted.of(name));
    }
    return value;
  }

  /** The value of {@code name}, absent if the key is. A key with nothing after it is present. */
  public Value optional(String name) {
    if (!known.contains(name)) {
      throw new IllegalArgumentException("not among the known keys: " + name);
    }
    Node.Member member = members.get(name);
    return member == null
        ? new Value(notes, place, null)
        : new Value(notes, member.value().place(), member.value());
  }

  /** Whether the document says anything for {@code name}. */
  public boolean has(String name) {
    return optional(name).isPresent();
  }
}
