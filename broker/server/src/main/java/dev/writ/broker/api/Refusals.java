package dev.writ.broker.api;

import dev.writ.broker.agent.Refused;
import dev.writ.broker.http.Answer;
import dev.writ.broker.http.Problem;
import dev.writ.policy.Denial;
import java.util.List;
import java.util.Map;

/** Words refusals about agents as problems. */
final class Refusals {
  private Refusals() {}

  static Answer answer(Refused refused) {
    return switch (refused) {
      case Refused.Hidden(String detail) -> Problem.of(404, "not-found", detail);
      case Refused.Invalid(String detail) -> Problem.invalid(detail);
      case Refused.Beyond(List<Denial> denials) ->
          Problem.of(
              400,
              "beyond-policy",
              "narrow: " + denials.get(0).hint() + ".",
              Map.of("denials", denials.stream().map(Denial::details).toList()));
      case Refused.Conflict(String detail) -> Problem.conflict(detail);
      case Refused.KeyReused() ->
          Problem.of(
              422, "idempotency-key-reused", "This Idempotency-Key came with another body before.");
      case Refused.TooMany(int max) ->
          Problem.of(
              429,
              "too-many-agents",
              "You have " + max + " living agents, as many as one launcher may.");
      case Refused.Unconfirmed() ->
          Problem.unavailable(
              "Policies or owners are administered in Keycloak, and it has not confirmed them for too long. Nobody"
                  + " launches until it does; tell the operator.");
      case Refused.NotAuthenticated(String detail) -> Callers.unauthorized(detail);
    };
  }
}
