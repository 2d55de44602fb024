package dev.writ.broker.authority;

import java.time.Instant;

/** Who answers for an owner's agents at an instant. */
public sealed interface OnDuty {

  /**
   * @param name of the user
   * @param from first instant of the duty that the instant lies in
   * @param until first instant after it, at which the answer may be another
   */
  record Person(String name, Instant from, Instant until) implements OnDuty {
    /** As records write it. */
    public String principal() {
      return "user:" + name;
    }
  }

  /**
   * @param reason for people
   */
  record Nobody(String reason) implements OnDuty {}
}
