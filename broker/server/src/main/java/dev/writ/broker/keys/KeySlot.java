package dev.writ.broker.keys;

/** What a ring of token keys signs for. The slots never share a key. */
public enum KeySlot {
  /** Everything that agents carry: JWT-SVIDs and access tokens. */
  TOKEN("token"),
  /** The separate issuer that AWS STS sees; its tokens never reach an agent. */
  STS("sts");

  private final String id;

  KeySlot(String id) {
    this.id = id;
  }

  /** The slot's name in {@code writ key ls} and in the database. */
  public String id() {
    return id;
  }

  /**
   * @param id as {@link #id} gives it
   * @throws IllegalArgumentException if no slot has it
   */
  public static KeySlot of(String id) {
    for (KeySlot slot : values()) {
      if (slot.id.equals(id)) {
        return slot;
      }
    }
    throw new IllegalArgumentException("no slot " + id);
  }
}
