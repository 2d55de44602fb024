package dev.writ.broker.api;

import dev.writ.broker.access.Caller;
import dev.writ.broker.agent.AgentList;
import dev.writ.broker.agent.AgentRecord;
import dev.writ.broker.agent.AgentRows;
import dev.writ.broker.agent.Changed;
import dev.writ.broker.agent.HandOver;
import dev.writ.broker.agent.LaunchRequest;
import dev.writ.broker.agent.Launched;
import dev.writ.broker.agent.Launching;
import dev.writ.broker.agent.Lifecycle;
import dev.writ.broker.agent.Reenrolling;
import dev.writ.broker.agent.Refused;
import dev.writ.broker.agent.Rights;
import dev.writ.broker.api.Callers.Known;
import dev.writ.broker.authority.Snapshot;
import dev.writ.broker.authority.Snapshots;
import dev.writ.broker.http.Answer;
import dev.writ.broker.http.Call;
import dev.writ.broker.http.Endpoint;
import dev.writ.broker.http.Problem;
import dev.writ.broker.http.Routes;
import dev.writ.broker.keys.Digests;
import dev.writ.broker.store.Database;
import dev.writ.broker.writ.WritResults;
import dev.writ.document.Document;
import dev.writ.document.Fields;
import dev.writ.document.Limits;
import dev.writ.document.Parsed;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;

/** {@code /v1/agents}. */
final class AgentEndpoints {
  private static final int KEY_MAX = 255;
  private static final int REASON_MAX = 1_000;

  /** What these endpoints work with. */
  record Parts(
      Database database,
      Snapshots snapshots,
      Rights rights,
      Launching launching,
      Lifecycle lifecycle,
      Reenrolling reenrolling,
      HandOver handOver,
      WritResults results,
      AgentView view,
      Supplier<String> bundle,
      Clock clock) {}

  private final Callers callers;
  private final Parts parts;

  AgentEndpoints(Callers callers, Parts parts) {
    this.callers = callers;
    this.parts = parts;
  }

  void routes(Routes routes) {
    routes
        .post("/v1/agents", callers.known(this::launch))
        .get("/v1/agents", callers.known(this::list))
        .get("/v1/agents/:id", about(parts.rights::reads, this::show))
        .post("/v1/agents/:id/extend", about(parts.rights::extendsLife, this::extend))
        .post("/v1/agents/:id/enrolment", about(parts.rights::reenrols, this::reenrol))
        .post("/v1/agents/:id/kill", about(parts.rights::kills, this::kill))
        .post("/v1/agents/:id/owner", about(parts.rights::handsOver, this::handOver))
        .post("/v1/agents/:id/owner/accept", callers.known(this::accept));
  }

  private interface Right {
    boolean has(Caller caller, AgentRecord agent, Snapshot snapshot);
  }

  private interface Act {
    Answer on(AgentRecord agent, Call call, Known known);
  }

  /** An act on an agent that the caller has a right to; without, there is no such agent. */
  private Endpoint about(Right right, Act act) {
    return callers.known((call, known) ->
        find(call)
            .filter(agent -> right.has(known.caller(), agent, parts.snapshots.current()))
            .map(agent -> act.on(agent, call, known))
            .orElseGet(Problem::notFound));
  }

  private Optional<AgentRecord> find(Call call) {
    return Ids.parse(call.parameter("id"))
        .flatMap(id -> parts.database.autoCommit(session -> AgentRows.find(session, id)));
  }

  private Answer launch(Call call, Known known) {
    List<String> keys = call.headers("idempotency-key");
    if (keys.size() > 1
        || (keys.size() == 1 && (keys.get(0).isEmpty() || keys.get(0).length() > KEY_MAX))) {
      return Problem.invalid(
          "Idempotency-Key: expected one value of 1 to " + KEY_MAX + " characters.");
    }
    Optional<Launching.Once> once =
        keys.stream().findFirst().map(key -> new Launching.Once(key, Digests.sha256(call.body())));
    return switch (LaunchBody.read(call.body())) {
      case Parsed.Invalid<LaunchRequest> invalid -> Problem.invalid(invalid.problems());
      case Parsed.Valid<LaunchRequest>(LaunchRequest request) ->
          switch (parts.launching.launch(
              known.caller(), known.agent().map(agent -> agent.proven().jkt()), request, once)) {
            case Refused refused -> Refusals.answer(refused);
            case Launched.Agent launched -> launched(launched);
          };
    };
  }

  private Answer launched(Launched.Agent launched) {
    Map<String, Object> body = view(launched.record());
    body.put("policy", launched.record().launchedPolicy());
    body.put("accountable", launched.accountable());
    launched
        .enrolment()
        .ifPresent(token -> {
          body.put("enrolment_token", token.secret());
          body.put("enrolment_expires_at", token.expiresAt().toString());
        });
    body.put("bundle", parts.bundle.get());
    return Answer.json(201, body).with("Location", "/v1/agents/" + launched.record().id()).secret();
  }

  private Answer list(Call call, Known known) {
    return switch (AgentList.Query.read(call.query())) {
      case AgentList.Wrong(String text) -> Problem.invalid(text);
      case AgentList.Query query -> {
        Snapshot snapshot = parts.snapshots.current();
        AgentList.Page page =
            new AgentList(parts.database)
                .page(query, agent -> parts.rights.reads(known.caller(), agent, snapshot));
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("agents", page.agents().stream().map(this::view).toList());
        page.next().ifPresent(next -> body.put("next", next));
        yield Answer.json(body);
      }
    };
  }

  private Answer show(AgentRecord agent, Call call, Known known) {
    return Answer.json(view(agent));
  }

  private Answer extend(AgentRecord agent, Call call, Known known) {
    Parsed<Duration> ttl =
        Document.json(call.body(), Limits.REQUEST)
            .read(root ->
                root.fields("ttl")
                    .required("ttl")
                    .duration(Duration.ofSeconds(1), Duration.ofDays(365)));
    return switch (ttl) {
      case Parsed.Invalid<Duration> invalid -> Problem.invalid(invalid.problems());
      case Parsed.Valid<Duration>(Duration life) ->
          changed(parts.lifecycle.extend(agent.id(), life, known.caller().principal()));
    };
  }

  private Answer reenrol(AgentRecord agent, Call call, Known known) {
    Reenrolling.Reenrolment done =
        parts.reenrolling.reenrol(agent.id(), known.caller().principal());
    if (done.token().isEmpty()) {
      return Refusals.answer(done.refused().orElseThrow());
    }
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("id", agent.id().toString());
    body.put("enrolment_token", done.token().get().secret());
    body.put("enrolment_expires_at", done.token().get().expiresAt().toString());
    body.put("bundle", parts.bundle.get());
    return Answer.json(201, body).secret();
  }

  private record KillBody(Optional<String> reason, boolean tree) {}

  private Answer kill(AgentRecord agent, Call call, Known known) {
    byte[] body = call.body().length == 0 ? new byte[] {'{', '}'} : call.body();
    Parsed<KillBody> read =
        Document.json(body, Limits.REQUEST)
            .read(root -> {
              Fields fields = root.fields("reason", "tree");
              Optional<String> reason = fields.optional("reason").prose(REASON_MAX);
              Optional<Boolean> tree = fields.optional("tree").bool();
              return root.whenSound(() -> new KillBody(reason, tree.orElse(false)));
            });
    return switch (read) {
      case Parsed.Invalid<KillBody> invalid -> Problem.invalid(invalid.problems());
      case Parsed.Valid<KillBody>(KillBody kill) -> {
        List<UUID> agents =
            parts.lifecycle.kill(
                agent.id(), known.caller().principal(), kill.reason(), kill.tree());
        yield Answer.json(Map.of("results", parts.results.results(agents)));
      }
    };
  }

  private Answer handOver(AgentRecord agent, Call call, Known known) {
    Parsed<String> owner =
        Document.json(call.body(), Limits.REQUEST)
            .read(root -> root.fields("owner").required("owner").string(KEY_MAX));
    return switch (owner) {
      case Parsed.Invalid<String> invalid -> Problem.invalid(invalid.problems());
      case Parsed.Valid<String>(String next) ->
          changed(
              parts.handOver.offer(
                  agent.id(),
                  next,
                  known.caller().principal(),
                  parts.rights.administers(known.caller())));
    };
  }

  private Answer accept(Call call, Known known) {
    return known.caller() instanceof Caller.Person person
        ? find(call)
            .map(agent -> accepted(parts.handOver.accept(agent.id(), person)))
            .orElseGet(Problem::notFound)
        : Problem.notFound();
  }

  /** To whom nothing was offered learns not even that there is such an agent. */
  private Answer accepted(Changed changed) {
    return changed instanceof Refused.Hidden ? Problem.notFound() : changed(changed);
  }

  private Answer changed(Changed changed) {
    return switch (changed) {
      case Refused refused -> Refusals.answer(refused);
      case Changed.To(AgentRecord agent) -> Answer.json(view(agent));
    };
  }

  private Map<String, Object> view(AgentRecord agent) {
    return parts.view.of(agent, parts.snapshots.current(), parts.clock.instant());
  }
}
