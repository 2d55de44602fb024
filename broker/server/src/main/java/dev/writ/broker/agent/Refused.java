package dev.writ.broker.agent;

import dev.writ.policy.Denial;
import java.util.List;

/** Why something about an agent was not done. Nothing was changed. */
public sealed interface Refused extends Launched, Enrolled, Changed {

  /** The caller may not, or there is no such thing; the two are not to be told apart. */
  record Hidden(String detail) implements Refused {}

  /** What was asked for cannot be. */
  record Invalid(String detail) implements Refused {}

  /** It goes beyond what policy or parent allow. */
  record Beyond(List<Denial> denials) implements Refused {}

  /** It stands against what is so now. */
  record Conflict(String detail) implements Refused {}

  /** The same idempotency key came with another body. */
  record KeyReused() implements Refused {}

  /** The launcher has as many living agents as it may. */
  record TooMany(int max) implements Refused {}

  /** What it would be judged by is too old. */
  record Unconfirmed() implements Refused {}

  /** The credential that was shown opens nothing, or no longer. */
  record NotAuthenticated(String detail) implements Refused {}
}
