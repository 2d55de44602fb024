package dev.writ.broker.agent;

import java.time.Instant;
import java.util.Optional;

/** What became of a launch. */
public sealed interface Launched permits Launched.Agent, Refused {

  /**
   * @param accountable the person on duty; absent when a launch was repeated while nobody is
   * @param enrolment absent when the launch was repeated after the agent had enrolled
   */
  record Agent(AgentRecord record, Optional<String> accountable, Optional<EnrolmentToken> enrolment)
      implements Launched {}

  /** A one-time token. */
  record EnrolmentToken(String secret, Instant expiresAt) {
    @Override
    public String toString() {
      return "EnrolmentToken[until " + expiresAt + "]";
    }
  }
}
