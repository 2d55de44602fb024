package dev.writ.broker.authority;

import dev.writ.policy.Policy;

/** The version of a policy that is in force. */
public record PolicyVersion(int version, Policy policy) {

  /** As records and tokens write it: {@code operator@7}. */
  public String label() {
    return policy.name() + "@" + version;
  }
}
