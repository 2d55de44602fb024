package dev.writ.broker.api;

import dev.writ.broker.agent.Rights;
import dev.writ.broker.api.Callers.Known;
import dev.writ.broker.github.RepositoryBindings;
import dev.writ.broker.http.Answer;
import dev.writ.broker.http.Call;
import dev.writ.broker.http.Problem;
import dev.writ.broker.http.Routes;
import dev.writ.policy.Repository;

/**
 * {@code DELETE /v1/github/repositories/{owner}/{name}}: an admin says that a name means another
 * repository from now on.
 */
final class GitHubEndpoints {
  private final Callers callers;
  private final Rights rights;
  private final RepositoryBindings bindings;

  GitHubEndpoints(Callers callers, Rights rights, RepositoryBindings bindings) {
    this.callers = callers;
    this.rights = rights;
    this.bindings = bindings;
  }

  void routes(Routes routes) {
    routes.delete("/v1/github/repositories/:owner/:name", callers.known(this::forget));
  }

  private Answer forget(Call call, Known known) {
    if (!rights.administers(known.caller())) {
      return Problem.notFound();
    }
    return Repository.of(call.parameter("owner") + "/" + call.parameter("name"))
        .flatMap(repository -> bindings.forget(repository, known.caller().principal()))
        .map(forgotten -> Answer.json(forgotten.json()))
        .orElseGet(Problem::notFound);
  }
}
