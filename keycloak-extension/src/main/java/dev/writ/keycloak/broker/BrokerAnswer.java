package dev.writ.keycloak.broker;

/** What became of a question to the broker. */
public sealed interface BrokerAnswer {

  /**
   * It answered, whatever it said.
   *
   * @param type of the content; empty if it has none
   */
  record Answered(int status, String type, String body) implements BrokerAnswer {}

  /**
   * It did not.
   *
   * @param reason for people
   */
  record Unreachable(String reason) implements BrokerAnswer {}
}
