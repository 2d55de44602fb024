package dev.writ.broker.keys;

/** Tokens that say which node of the deployment their holder is; signed by a token key. */
public interface NodeTokens {

  /**
   * One that lives for a minute.
   *
   * @param audience who is to take it
   * @throws KeyException if this node has no token key yet: its root and envelope come first
   */
  String issue(String audience);
}
