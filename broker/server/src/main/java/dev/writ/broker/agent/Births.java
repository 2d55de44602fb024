package dev.writ.broker.agent;

import dev.writ.broker.access.Caller;
import dev.writ.broker.agent.AgentRecord.RequestedBy;
import dev.writ.broker.agent.Launched.EnrolmentToken;
import dev.writ.broker.agent.Launching.Attempt;
import dev.writ.broker.agent.Launching.Plan;
import dev.writ.broker.ledger.Acts.Act;
import dev.writ.broker.ledger.Acts.Note;
import dev.writ.document.Json;
import dev.writ.policy.Request;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Writes down the agents that a launch brings to life. */
final class Births {
  private Births() {}

  /** Inserts a launch that was found sound, with its row in the ledger. */
  static Launched insert(Attempt attempt, Plan plan) throws SQLException {
    Act act = attempt.act();
    LaunchRequest request = attempt.request();
    UUID id = UUID.randomUUID();
    EnrolmentToken token = OneTimeTokens.make(act.at());
    Optional<RequestedBy> requestedBy = requestedBy(attempt, plan);
    List<UUID> lineage = plan.ancestors().stream().map(AgentRecord::id).toList();
    Optional<String> narrow =
        request.narrow().map(all -> Json.write(all.stream().map(Request::details).toList()));
    act.session()
        .update(
            "INSERT INTO agent (id, policy, launched_policy, owner, launcher, requested_by, requested_by_claimed, parent,"
                + " lineage, narrow, task, role, labels, harness, session, model, continues, launched_at, expires_at,"
                + " enrolment_hash, enrolment_expires_at, enrolment_by)"
                + " VALUES (?, ?, ?, ?, ?, ?, ?, ?::uuid, ?, ?, ?, ?, ?::jsonb, ?, ?, ?, ?::uuid, ?, ?, ?, ?, ?)",
            id,
            request.policy(),
            plan.policy().label(),
            plan.owner(),
            attempt.caller().principal(),
            requestedBy.map(RequestedBy::person),
            requestedBy.map(RequestedBy::claimed).orElse(false),
            lineage.stream().findFirst(),
            lineage.toArray(UUID[]::new),
            narrow,
            request.task(),
            request.role(),
            Json.write(request.labels()),
            request.context().map(AgentRecord.Context::harness),
            request.context().map(AgentRecord.Context::session),
            request.context().flatMap(AgentRecord.Context::model),
            request.context().flatMap(AgentRecord.Context::continues),
            act.at(),
            plan.end(),
            OneTimeTokens.hash(token.secret()),
            token.expiresAt(),
            attempt.caller().principal());
    if (attempt.once().isPresent()) {
      LaunchKeys.keep(act, attempt.caller(), attempt.once().get(), id);
    }
    AgentRecord launched = AgentRows.find(act.session(), id).orElseThrow();
    act.record(Note.about("launch", id, body(launched, plan)));
    return new Launched.Agent(launched, Optional.of(plan.onDuty().principal()), Optional.of(token));
  }

  /**
   * A person's own token says whose wish it is; anybody else only claims it. A child has its
   * parent's.
   */
  private static Optional<RequestedBy> requestedBy(Attempt attempt, Plan plan) {
    if (attempt.caller() instanceof Caller.Person person) {
      return Optional.of(new RequestedBy(person.owner(), false));
    }
    if (!plan.ancestors().isEmpty()) {
      return plan.ancestors().get(0).requestedBy();
    }
    return attempt.request().requestedBy().map(person -> new RequestedBy(person, true));
  }

  private static Map<String, Object> body(AgentRecord agent, Plan plan) {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("kind", "launch");
    body.put("agent", agent.id().toString());
    body.put("policy", agent.launchedPolicy());
    body.put("owner", agent.owner());
    body.put("accountable", plan.onDuty().principal());
    body.put("launcher", agent.launcher());
    agent.requestedBy().ifPresent(by -> body.put("requested_by", by.person()));
    body.put("lineage", agent.lineage().stream().map(UUID::toString).toList());
    agent.narrow().ifPresent(narrow -> body.put("narrow", narrow));
    agent.task().ifPresent(task -> body.put("task", task));
    agent
        .context()
        .ifPresent(context -> {
          body.put("harness", context.harness());
          body.put("session", context.session());
        });
    body.put("expires_at", agent.expiresAt().toString());
    return body;
  }
}
