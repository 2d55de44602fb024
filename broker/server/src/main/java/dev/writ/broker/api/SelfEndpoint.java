package dev.writ.broker.api;

import dev.writ.broker.access.Caller;
import dev.writ.broker.agent.AgentRecord;
import dev.writ.broker.agent.Authorities;
import dev.writ.broker.agent.Lines;
import dev.writ.broker.api.Callers.Known;
import dev.writ.broker.authority.OnDuty;
import dev.writ.broker.authority.Snapshot;
import dev.writ.broker.authority.Snapshots;
import dev.writ.broker.http.Answer;
import dev.writ.broker.http.Call;
import dev.writ.broker.http.Problem;
import dev.writ.broker.http.Routes;
import dev.writ.broker.store.Database;
import dev.writ.broker.trust.SpiffeId;
import dev.writ.broker.trust.TrustDomain;
import dev.writ.broker.writ.Writ;
import dev.writ.broker.writ.WritJson;
import dev.writ.broker.writ.WritRows;
import dev.writ.policy.Grant;
import java.time.Clock;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** {@code GET /v1/self}: what an agent is, may ask for and holds. */
final class SelfEndpoint {
  /** Live writs that are shown, the newest; the rest stands in {@code /v1/writs}. */
  private static final int WRITS_MAX = 100;

  private final Callers callers;
  private final Snapshots snapshots;
  private final Authorities authorities;
  private final Database database;
  private final TrustDomain domain;
  private final Clock clock;

  SelfEndpoint(
      Callers callers,
      Snapshots snapshots,
      Authorities authorities,
      Database database,
      TrustDomain domain,
      Clock clock) {
    this.callers = callers;
    this.snapshots = snapshots;
    this.authorities = authorities;
    this.database = database;
    this.domain = domain;
    this.clock = clock;
  }

  void routes(Routes routes) {
    routes.get("/v1/self", callers.known(this::self));
  }

  /** The agent, then its ancestors, parent first; and what the agent holds. */
  private record Held(List<AgentRecord> line, List<Writ> writs) {}

  Answer self(Call call, Known known) {
    return known.caller() instanceof Caller.OfAgent(UUID id)
        ? held(id).map(held -> Answer.json(body(held))).orElseGet(Problem::notFound)
        : Problem.notFound();
  }

  private Optional<Held> held(UUID id) {
    return database.autoCommit(session -> {
      List<AgentRecord> line = Lines.of(session, id);
      return line.isEmpty()
          ? Optional.empty()
          : Optional.of(new Held(line, WritRows.live(session, id, clock.instant(), WRITS_MAX)));
    });
  }

  private Map<String, Object> body(Held held) {
    Instant now = clock.instant();
    Snapshot snapshot = snapshots.current();
    AgentRecord agent = held.line().get(0);
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("id", agent.id().toString());
    body.put("spiffe_id", new SpiffeId(domain, agent.id()).toString());
    body.put("expires_at", agent.expiresAt().toString());
    body.put("lineage", agent.lineage().stream().map(UUID::toString).toList());
    body.put("launcher", agent.launcher());
    body.put("owner", agent.owner());
    if (snapshot.accountable(agent.owner(), now) instanceof OnDuty.Person person) {
      body.put("accountable", person.principal());
    }
    agent.task().ifPresent(task -> body.put("task", task));
    switch (authorities.of(held.line(), snapshot)) {
      case Authorities.Effective effective -> {
        body.put("policy", effective.own().label());
        body.put("may_ask", effective.authority().grants().stream().map(Grant::details).toList());
      }
      case Authorities.None(var denial, String policy) -> {
        body.put("policy", policy);
        body.put("may_ask", List.of());
        body.put("denial", denial.details());
      }
    }
    body.put("writs", held.writs().stream().map(writ -> WritJson.of(writ, now)).toList());
    return body;
  }
}
