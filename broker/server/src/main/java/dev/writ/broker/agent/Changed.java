package dev.writ.broker.agent;

/** What became of a change to an agent. */
public sealed interface Changed permits Changed.To, Refused {

  /** The agent as it is now. */
  record To(AgentRecord record) implements Changed {}
}
