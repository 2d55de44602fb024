package dev.writ.broker.api;

import dev.writ.broker.access.Bindings;
import dev.writ.broker.agent.Rights;
import dev.writ.broker.api.Callers.Known;
import dev.writ.broker.http.Answer;
import dev.writ.broker.http.Call;
import dev.writ.broker.http.Problem;
import dev.writ.broker.http.Routes;

/**
 * {@code DELETE /v1/users/{name}/account}: an admin says that a user name may belong to another
 * account from now on.
 */
final class UserEndpoints {
  private final Callers callers;
  private final Rights rights;
  private final Bindings bindings;

  UserEndpoints(Callers callers, Rights rights, Bindings bindings) {
    this.callers = callers;
    this.rights = rights;
    this.bindings = bindings;
  }

  void routes(Routes routes) {
    routes.delete("/v1/users/:name/account", callers.known(this::forget));
  }

  private Answer forget(Call call, Known known) {
    if (!rights.administers(known.caller())) {
      return Problem.notFound();
    }
    return bindings
        .forget(call.parameter("name"), known.caller().principal())
        .map(forgotten -> Answer.json(forgotten.json()))
        .orElseGet(Problem::notFound);
  }
}
