package dev.writ.broker.ledger;

/** What stands against an agent, as the database's {@code agent_objection} names it. */
public enum Objection {
  /** There is no such agent. */
  UNKNOWN,
  KILLED,
  EXPIRED,
  ANCESTOR_KILLED,
  ANCESTOR_EXPIRED,
  /** The proven key is not one that the agent holds now. */
  KEY;

  /**
   * @param word as the database writes it
   * @throws IllegalArgumentException for any other word
   */
  public static Objection of(String word) {
    return valueOf(word.toUpperCase(java.util.Locale.ROOT));
  }
}
