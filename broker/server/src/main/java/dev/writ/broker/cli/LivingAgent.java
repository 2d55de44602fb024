package dev.writ.broker.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.Set;

/** An agent that something is asked of which only a living one can have. */
record LivingAgent(BrokerClient broker, AgentId id) {
  private static final Set<String> ENDED = Set.of("killed", "expired");

  static LivingAgent of(BrokerClient broker, AgentId id) {
    return new LivingAgent(broker, id);
  }

  /** Posts; a refusal because the agent has ended is told apart from others. */
  ObjectNode post(String path, ObjectNode body) {
    try {
      return broker.post(id.path() + path, body);
    } catch (Failure refused) {
      if (refused.exit() == Exit.FAILED && ENDED.contains(state())) {
        throw refused.as(Exit.AGENT_ENDED);
      }
      throw refused;
    }
  }

  /** The state, or nothing where it cannot be had. */
  private String state() {
    try {
      return Text.of(broker.get(id.path(), Map.of()), "state");
    } catch (Failure unknown) {
      return "";
    }
  }
}
