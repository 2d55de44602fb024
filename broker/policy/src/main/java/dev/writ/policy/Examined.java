package dev.writ.policy;

import dev.writ.document.Parsed;
import java.util.List;

/**
 * A policy that somebody is writing.
 *
 * @param policy the policy, or all that is wrong with it
 * @param aws of its grants at AWS, as far as they could be read
 */
public record Examined(Parsed<Policy> policy, List<Budget> aws) {
  public Examined {
    aws = List.copyOf(aws);
  }

  /**
   * How much of AWS's limit a grant takes.
   *
   * @param grant its number in the document, from 0
   * @param characters of the session policy; at most {@link AwsGrant#SESSION_POLICY_LENGTH_MAX} in
   *     a sound policy
   */
  public record Budget(int grant, int characters) {}
}
